using CimHost.Providers.Ipmi.Wire.Commands;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Answers of every IPMI command that the provider sends.</summary>
public class IpmiResponsesFuzz
{
    [Fact]
    public void Any_answer_decodes_or_is_refused() => Fuzzer.Run(
        [
            [0x20, 0x81, 0x03, 0x15, 0x02, 0xBF, 0x57, 0x01, 0x00, 0x34, 0x12, 1, 2, 3, 4],
            [0x51, 10, 0, 0xFF, 0xFF, 1, 0, 0, 0, 2, 0, 0, 0, 0x2F],
            [0x11, 0x00, 0x00, 0x04, 0x41, 0x42, 0x43, 0x44],
            [0x40, 0xC0, 0x01, 0x80],
            [8, 1, 2, 3, 4, 5, 6, 7, 8],
            [0x44, 0x02, 0x00, 0x10, 0x64, 0x00, 0x3C, 0x00],
            [0x01, 0x04, 0x01, 0x80, 0xF2, 0x1B, 0x00, 0x00, 0x00],
            [0xDC, 0xE0, 0x00, 0xAA, 0x00, 0x0E, 0x01, 0xDC, 0x00, 0x40, 0x01, 0x45, 0x6A, 0x40, 0x9C, 0x00, 0x00, 0x40],
        ],
        static data =>
        {
            _ = GetDeviceId.TryRead(data, out GetDeviceId? id) ? id!.FirmwareRevision + id.IpmiVersionText : null;
            _ = GetSystemGuid.TryRead(data, out _);
            _ = GetChassisStatus.TryRead(data, out _);
            _ = GetChassisCapabilities.TryRead(data, out _);
            _ = GetSystemRestartCause.TryRead(data, out _);
            _ = GetWatchdogTimer.TryRead(data, out GetWatchdogTimer timer) ? timer.TimerUse + timer.Action + timer.PreTimeoutInterrupt : 0;
            _ = GetChannelInfo.TryRead(data, out _);
            _ = GetPowerReading.TryRead(data, out _);
            _ = GetLanConfiguration.TryReadAddress(data, out _);
            _ = GetLanConfiguration.TryReadSource(data, out _);
            _ = GetLanConfiguration.TryReadMac(data, out _);
            _ = GetLanConfiguration.TryReadVlan(data, out _);
            _ = GetLanConfiguration.TryReadVlanPriority(data, out _);
            _ = GetSdrRepositoryInfo.TryRead(data, out _);
            _ = GetDeviceSdrInfo.TryRead(data, out _);
            _ = ReserveSdr.TryRead(data, out _);
            _ = GetSdr.TryRead(data, out _, out _);
            _ = GetSensorReading.TryRead(data, out _);
            _ = GetSensorThresholds.TryRead(data, out GetSensorThresholds thresholds) ? thresholds[0] : null;
            _ = GetSensorHysteresis.TryRead(data, out _);
            _ = GetSensorReadingFactors.TryRead(data, out _, out _);
            _ = GetFruInventoryAreaInfo.TryRead(data, out _);
            _ = ReadFruData.TryRead(data, byWords: true, out _);
            if (GetSystemInfoParameters.TryReadBlock(data, 0, out ReadOnlySpan<byte> block))
            {
                _ = GetSystemInfoParameters.BlockCount(block);
                _ = GetSystemInfoParameters.TryReadText(block, out _);
            }
        });
}
