using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Wire;

public class CommandTests
{
    /// <summary>Shortest answer of each command: name, bytes, whether they decode.</summary>
    public static TheoryData<string, byte[]> Answers => new()
    {
        { "GetDeviceId", [0x20, 0x81, 0x03, 0x15, 0x02, 0xBF, 0x57, 0x01, 0x00, 0x34, 0x12] },
        { "GetSystemGuid", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] },
        { "GetChassisStatus", [0x21, 0x00, 0x40] },
        { "GetSdrRepositoryInfo", [0x51, 10, 0, 0xFF, 0xFF, 1, 0, 0, 0, 2, 0, 0, 0, 0x2F] },
        { "GetDeviceSdrInfo", [5, 0x81] },
        { "ReserveSdr", [0x12, 0x34] },
        { "GetSdr", [0x02, 0x00] },
        { "GetSensorReading", [0x40, 0xC0] },
        { "GetSensorThresholds", [0x3F, 1, 2, 3, 4, 5, 6] },
        { "GetSensorHysteresis", [1, 2] },
        { "GetSensorReadingFactors", [0x11, 1, 0, 0, 0, 0, 0] },
        { "GetFruInventoryAreaInfo", [0x00, 0x01, 0x00] },
        { "ReadFruData", [2, 0xAA, 0xBB] },
        { "GetSystemInfoParameters", [0x11, 0x00, 0x41] },
        { "GetChassisCapabilities", [0x05, 0x20, 0x20, 0x20, 0x20] },
        { "GetSystemRestartCause", [0x01, 0x00] },
        { "GetWatchdogTimer", [0x44, 0x02, 0x00, 0x10, 0x64, 0x00] },
        { "GetChannelInfo", [0x01, 0x04, 0x01, 0x80, 0xF2, 0x1B, 0x00, 0x00, 0x00] },
        { "GetPowerReading", [0xDC, 0xE0, 0x00, 0xAA, 0x00, 0x0E, 0x01, 0xDC, 0x00, 0x40, 0x01, 0x45, 0x6A, 0x40, 0x9C, 0x00, 0x00, 0x40] },
        { "LanAddress", [0x11, 192, 0, 2, 10] },
        { "LanSource", [0x11, 0x02] },
        { "LanMac", [0x11, 0x02, 0x00, 0x5E, 0x10, 0x00, 0x01] },
        { "LanVlan", [0x11, 0x64, 0x80] },
        { "LanVlanPriority", [0x11, 0x05] },
    };

    private static bool Decodes(string command, ReadOnlySpan<byte> data) => command switch
    {
        "GetDeviceId" => GetDeviceId.TryRead(data, out _),
        "GetSystemGuid" => GetSystemGuid.TryRead(data, out _),
        "GetChassisStatus" => GetChassisStatus.TryRead(data, out _),
        "GetSdrRepositoryInfo" => GetSdrRepositoryInfo.TryRead(data, out _),
        "GetDeviceSdrInfo" => GetDeviceSdrInfo.TryRead(data, out _),
        "ReserveSdr" => ReserveSdr.TryRead(data, out _),
        "GetSdr" => GetSdr.TryRead(data, out _, out _),
        "GetSensorReading" => GetSensorReading.TryRead(data, out _),
        "GetSensorThresholds" => GetSensorThresholds.TryRead(data, out _),
        "GetSensorHysteresis" => GetSensorHysteresis.TryRead(data, out _),
        "GetSensorReadingFactors" => GetSensorReadingFactors.TryRead(data, out _, out _),
        "GetFruInventoryAreaInfo" => GetFruInventoryAreaInfo.TryRead(data, out _),
        "ReadFruData" => ReadFruData.TryRead(data, byWords: false, out _),
        "GetSystemInfoParameters" => GetSystemInfoParameters.TryReadBlock(data, 0, out _),
        "GetChassisCapabilities" => GetChassisCapabilities.TryRead(data, out _),
        "GetSystemRestartCause" => GetSystemRestartCause.TryRead(data, out _),
        "GetWatchdogTimer" => GetWatchdogTimer.TryRead(data, out _),
        "GetChannelInfo" => GetChannelInfo.TryRead(data, out _),
        "GetPowerReading" => GetPowerReading.TryRead(data, out _),
        "LanAddress" => GetLanConfiguration.TryReadAddress(data, out _),
        "LanSource" => GetLanConfiguration.TryReadSource(data, out _),
        "LanMac" => GetLanConfiguration.TryReadMac(data, out _),
        "LanVlan" => GetLanConfiguration.TryReadVlan(data, out _),
        "LanVlanPriority" => GetLanConfiguration.TryReadVlanPriority(data, out _),
        _ => throw new ArgumentException(command),
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_decodes_whole_and_at_no_shorter_length(string command, byte[] answer)
    {
        Assert.True(Decodes(command, answer));
        for (int length = 0; length < answer.Length; length++)
        {
            Assert.False(Decodes(command, answer.AsSpan(0, length)), $"{command} decodes {length} bytes");
        }
    }

    [Fact]
    public void Get_Device_ID_tells_revision_maker_and_support()
    {
        Assert.True(GetDeviceId.TryRead([0x20, 0x81, 0x83, 0x05, 0x51, 0x8A, 0xA2, 0x02, 0xF0, 0x00, 0x01, 9, 8, 7, 6], out GetDeviceId? id));
        Assert.Equal("3.05", id!.FirmwareRevision);
        Assert.Equal("1.5", id.IpmiVersionText);
        Assert.False(id.IsAvailable);
        Assert.True(id.ProvidesDeviceSdrs);
        Assert.Equal((674, (ushort)0x0100, 0x09080706u), (id.ManufacturerId, id.ProductId, id.AuxiliaryRevision!.Value));
        Assert.Equal((true, true, true), (id.HasSdrRepository, id.HasFruInventory, id.HasChassis));
    }

    [Fact]
    public void A_GUID_of_zeros_is_none()
    {
        Assert.False(GetSystemGuid.TryRead(new byte[16], out _));
        Assert.True(GetSystemGuid.TryRead([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], out Guid guid));
        Assert.Equal("100f0e0d-0c0b-0a09-0807-060504030201", guid.ToString());
    }

    [Theory]
    [InlineData(new byte[] { 0x40, 0xC0 }, null)]
    [InlineData(new byte[] { 0x40, 0xC0, 0xC1 }, 0xC1)]
    [InlineData(new byte[] { 0x40, 0xC0, 0x01, 0x82 }, 0x0201)]
    public void Get_Sensor_Reading_gives_as_many_states_as_were_sent(byte[] answer, int? states)
    {
        Assert.True(GetSensorReading.TryRead(answer, out GetSensorReading reading));
        Assert.Equal(states, reading.States);
        Assert.True(reading.IsAvailable);
    }

    [Theory]
    [InlineData(0xC0, true)]
    [InlineData(0x40, true)]
    [InlineData(0x80, false)]
    [InlineData(0xE0, false)]
    public void A_reading_counts_only_while_the_sensor_is_scanned_and_available(byte flags, bool available)
    {
        Assert.True(GetSensorReading.TryRead([1, flags, 0], out GetSensorReading reading));
        Assert.Equal(available, reading.IsAvailable);
    }

    [Fact]
    public void Thresholds_that_cannot_be_read_are_none()
    {
        Assert.True(GetSensorThresholds.TryRead([0x12, 1, 2, 3, 4, 5, 6], out GetSensorThresholds thresholds));
        Assert.Equal([null, (byte)2, null, null, (byte)5, null], Enumerable.Range(0, 6).Select(i => thresholds[i]));
        Assert.Equal((byte)2, thresholds[(int)Threshold.LowerCritical]);
    }

    [Fact]
    public void Requests_are_laid_out_as_specified()
    {
        Assert.Equal([0x34, 0x12, 0x05, 0x00, 0x10, 0x20], GetSdr.Request(false, 0x1234, 5, 0x10, 0x20).Data.ToArray());
        Assert.Equal((0x0A, 0x23), (GetSdr.Request(false, 0, 0, 0, 0).NetFn, GetSdr.Request(false, 0, 0, 0, 0).Command));
        Assert.Equal((0x04, 0x21), (GetSdr.Request(true, 0, 0, 0, 0).NetFn, GetSdr.Request(true, 0, 0, 0, 0).Command));
        Assert.Equal([0x02, 0x00, 0x01, 0x10], ReadFruData.Request(2, 0, 0x0100, 16).Data.ToArray());
        Assert.Equal(((byte)3, (byte)0x2D), (GetSensorReading.Request(9, 3).Lun, GetSensorReading.Request(9, 3).Command));
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x03, 0x41, 0x42, 0x43 }, true, "ABC")]
    [InlineData(new byte[] { 0x02, 0x04, 0x41, 0x00, 0x42, 0x00 }, true, "AB")]
    [InlineData(new byte[] { 0x00, 0x04, 0x41, 0x42, 0x43 }, false, "")]
    [InlineData(new byte[] { 0x0F, 0x01, 0x41 }, false, "")]
    public void System_info_text_needs_a_known_encoding_and_its_whole_length(byte[] blocks, bool reads, string text)
    {
        Assert.Equal(reads, GetSystemInfoParameters.TryReadText(blocks, out string read));
        Assert.Equal(text, read);
    }
}
