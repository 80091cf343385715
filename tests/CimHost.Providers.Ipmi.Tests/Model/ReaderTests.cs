using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Sdk.Hardware;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Model;

public class ReaderTests
{
    private static async Task<(IReadOnlyList<SdrRecord> Records, IReadOnlyList<string> Problems)> ReadAsync(ScriptedBmc bmc) =>
        await new SdrReader(new IpmiClient(bmc.Port), device: false).ReadAsync(CancellationToken.None);

    private static ScriptedBmc Bmc() => new ScriptedBmc()
        .Add(SdrBytes.Full(0x30, "Ambient Temp"))
        .Add(SdrBytes.Compact(0x40, "Status", 0x08))
        .Add(SdrBytes.McLocator("BMC"));

    [Theory]
    [InlineData(255)]
    [InlineData(40)]
    [InlineData(32)]
    [InlineData(20)]
    [InlineData(8)]
    public async Task Records_are_read_in_parts_as_small_as_the_controller_wants(int part)
    {
        ScriptedBmc bmc = Bmc();
        bmc.MaxSdrPart = part;
        (IReadOnlyList<SdrRecord> records, IReadOnlyList<string> problems) = await ReadAsync(bmc);

        Assert.Empty(problems);
        Assert.Equal(["Ambient Temp", "Status"], records.OfType<SensorRecord>().Select(r => r.IdString));
        Assert.Equal(3, records.Count);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(16)]
    public async Task A_lost_reservation_is_made_again(int part)
    {
        ScriptedBmc bmc = Bmc();
        bmc.MaxSdrPart = part;
        bmc.ReservationsToLose = 3;
        Assert.Equal(3, (await ReadAsync(bmc)).Records.Count);
    }

    [Fact]
    public async Task A_reservation_that_is_lost_all_the_time_is_an_error()
    {
        ScriptedBmc bmc = Bmc();
        bmc.ReservationsToLose = 1000;
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => ReadAsync(bmc));
        Assert.Contains("reservation", e.Message);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(16)]
    public async Task An_empty_repository_has_no_records_and_no_problem(int part)
    {
        (IReadOnlyList<SdrRecord> records, IReadOnlyList<string> problems) = await ReadAsync(new ScriptedBmc { MaxSdrPart = part });
        Assert.Empty(records);
        Assert.Empty(problems);
    }

    [Fact]
    public async Task A_damaged_record_is_passed_over_and_told()
    {
        ScriptedBmc bmc = new ScriptedBmc().Add(SdrBytes.Record(0x01, [1, 2, 3])).Add(SdrBytes.Full(0x30, "Temp"));
        (IReadOnlyList<SdrRecord> records, IReadOnlyList<string> problems) = await ReadAsync(bmc);

        Assert.Single(records);
        Assert.Contains("too short with 3 bytes", Assert.Single(problems));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_whose_length_is_wrong_costs_no_other_record(bool refused)
    {
        byte[] wrong = SdrBytes.Full(0x31, "Wrong");
        wrong[4] += 40;
        ScriptedBmc bmc = new ScriptedBmc { RefusesSdrEnd = refused, MaxSdrPart = 16 }.Add(SdrBytes.Full(0x30, "First")).Add(wrong).Add(SdrBytes.Full(0x32, "Last"));
        (IReadOnlyList<SdrRecord> records, IReadOnlyList<string> problems) = await ReadAsync(bmc);

        Assert.Equal(["First", "Last"], records.OfType<SensorRecord>().Select(r => r.IdString).Where(i => i != "Wrong"));
        Assert.True(problems.Count + records.Count == 3, "the wrong one is told of, or taken as far as it goes");
    }

    [Fact]
    public async Task A_repository_that_leads_in_a_circle_ends()
    {
        ScriptedBmc bmc = Bmc();
        byte[] record = SdrBytes.McLocator("loop");
        bmc.Port.On(0x0A, 0x23, _ => new IpmiResponse(0, new byte[] { 7, 0 }.Concat(record).ToArray()));
        (IReadOnlyList<SdrRecord> records, IReadOnlyList<string> problems) = await ReadAsync(bmc);

        Assert.Equal(2, records.Count);
        Assert.Contains("comes twice", Assert.Single(problems));
    }

    [Fact]
    public async Task A_controller_without_a_repository_tells_its_device_SDRs()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Port.On(0x0A, 0x20, _ => new IpmiResponse(0xC1, default));
        bmc.Port.On(0x04, 0x20, 1, 0x01);
        bmc.Port.On(0x04, 0x22, 9, 0);
        byte[] record = SdrBytes.Full(0x30, "Device Temp");
        bmc.Port.On(0x04, 0x21, r => new IpmiResponse(0, new byte[] { 0xFF, 0xFF }.Concat(record).ToArray()));
        bmc.Sensors[0x30] = [20, 0xC0, 0xC0];

        Assert.Equal("Device Temp", Assert.Single(await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor"))["Name"].AsString());
    }

    [Theory]
    [InlineData(255, false)]
    [InlineData(16, false)]
    [InlineData(8, false)]
    [InlineData(255, true)]
    [InlineData(8, true)]
    public async Task A_FRU_is_read_in_parts_of_bytes_or_words(int part, bool byWords)
    {
        ScriptedBmc bmc = Bmc();
        bmc.MaxFruPart = part;
        bmc.FruByWords = byWords;
        bmc.Frus[3] = [.. FruBytes.Server(), .. new byte[4096]];
        FruInventory? fru = await new FruReader(new IpmiClient(bmc.Port), new FruAddress(3)).ReadAsync(CancellationToken.None);

        Assert.Empty(fru!.Problems);
        Assert.Equal("PS-1", fru.Product!.SerialNumber);
        Assert.True(bmc.Port.Count(0x0A, 0x11) <= (200 / Math.Min(part, 64)) + 4);
    }

    [Fact]
    public async Task A_FRU_device_that_is_not_there_has_no_inventory() =>
        Assert.Null(await new FruReader(new IpmiClient(Bmc().Port), new FruAddress(9)).ReadAsync(CancellationToken.None));

    [Fact]
    public async Task A_non_linear_sensor_is_converted_with_the_factors_of_its_reading()
    {
        var bmc = new ScriptedBmc();
        bmc.Add(SdrBytes.Full(0x30, "Curve", linearization: 0x70, capabilities: 0x40), 100, 0xC0, 0xC0);
        bmc.Port.On(0x04, 0x23, r => new IpmiResponse(0, new byte[] { 101, (byte)(r.Data.Span[1] == 100 ? 3 : 1), 0, 0, 0, 0, 0xF0 }));
        var host = new IpmiTestHost(bmc);

        for (int i = 0; i < 2; i++)
        {
            CimHost.Sdk.Cim.CimInstance sensor = Assert.Single(await host.EnumerateAsync("OMC_NumericSensor"));
            Assert.Equal(30_000, sensor["CurrentReading"]);
            Assert.Equal(-3, sensor["UnitModifier"]);
        }

        Assert.Equal(1, bmc.Port.Count(0x04, 0x23));
    }
}
