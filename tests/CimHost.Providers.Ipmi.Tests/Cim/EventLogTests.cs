using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

public class EventLogTests
{
    private readonly ScriptedBmc _bmc = new();
    private readonly ScriptedSel _sel;
    private readonly IpmiTestHost _host;

    public EventLogTests()
    {
        _bmc.Add(SdrBytes.Full(1, "CPU1 Temp"), 45, 0xC0, 0xC0);
        _bmc.Add(SdrBytes.Full(4, "P12V", sensorType: 2, baseUnit: 4, m: 63, k2: -3), 190, 0xC0, 0xC0);
        _bmc.Add(SdrBytes.Compact(0x50, "PSU1 Status", 0x08, entity: 10), 0, 0xC0, 0x01, 0x80);
        _sel = new ScriptedSel(_bmc.Port);
        _host = new IpmiTestHost(_bmc);
    }

    private int EntriesRead => _bmc.Port.Count(0x0A, 0x43);

    [Theory]
    [InlineData(0x08, 0x50, 0x6F, 0x01, 0xFF, 0xFF, "Power Supply PSU1 Status | Failure detected | Asserted", 6)]
    [InlineData(0x08, 0x50, 0xEF, 0x01, 0xFF, 0xFF, "Power Supply PSU1 Status | Failure detected | Deasserted", 2)]
    [InlineData(0x08, 0x50, 0xEF, 0x00, 0xFF, 0xFF, "Power Supply PSU1 Status | Presence detected | Deasserted", 3)]
    [InlineData(0x08, 0x50, 0x6F, 0x66, 0x03, 0xFF, "Power Supply PSU1 Status | Config Error: Power Supply Rating Mismatch | Asserted", 6)]
    [InlineData(0x01, 0x01, 0x01, 0x57, 81, 80, "Temperature CPU1 Temp | Upper Non-critical going high | Asserted | Reading 81 > Threshold 80 degrees C", 3)]
    [InlineData(0x01, 0x01, 0x81, 0x57, 79, 80, "Temperature CPU1 Temp | Upper Non-critical going high | Deasserted | Reading 79 < Threshold 80 degrees C", 2)]
    [InlineData(0x01, 0x01, 0x01, 0x59, 91, 90, "Temperature CPU1 Temp | Upper Critical going high | Asserted | Reading 91 > Threshold 90 degrees C", 6)]
    [InlineData(0x01, 0x01, 0x01, 0x54, 1, 2, "Temperature CPU1 Temp | Lower Non-recoverable going low | Asserted | Reading 1 < Threshold 2 degrees C", 7)]
    [InlineData(0x01, 0x01, 0x01, 0x58, 89, 90, "Temperature CPU1 Temp | Upper Critical going low | Asserted | Reading 89 < Threshold 90 degrees C", 2)]
    [InlineData(0x02, 0x04, 0x01, 0x52, 180, 181, "Voltage P12V | Lower Critical going low | Asserted | Reading 11.34 < Threshold 11.40 Volts", 6)]
    [InlineData(0x01, 0x77, 0x01, 0x59, 91, 90, "Temperature #0x77 | Upper Critical going high | Asserted", 6)]
    [InlineData(0x0F, 0x00, 0x6F, 0xC2, 0x13, 0xFF, "System Firmwares | System boot initiated | Asserted", 2)]
    [InlineData(0xC1, 0x09, 0x7F, 0x05, 0xFF, 0xFF, "Unknown #0x09 | State 5 | Asserted", 2)]
    public async Task An_event_has_the_text_of_ipmitool_and_a_severity(byte sensorType, byte number, byte eventType, byte data1, byte data2, byte data3, string message, int severity)
    {
        _sel.AddEvent(sensorType, number, eventType, data1, data2, data3);
        CimInstance entry = Assert.Single(await _host.EnumerateAsync("OMC_IpmiLogEntry"));
        Assert.Equal(message, entry["Message"].AsString());
        Assert.Equal((ushort)severity, entry["PerceivedSeverity"]);
        Assert.Equal("0001", entry["RecordID"].AsString());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(ScriptedSel.Start + 1), entry["CreationTimeStamp"].AsDateTime()!.Value.ToDateTimeOffset());
    }

    [Fact]
    public async Task Records_of_makers_are_told_with_what_they_hold()
    {
        _sel.Add(0xC0, 0x10, 0x20, 0x30, 0x66, 0xB1, 0xA2, 0x00, 1, 2, 3, 4, 5, 6);
        _sel.Add(0xE1, [.. Enumerable.Range(1, 13).Select(i => (byte)i)]);
        _sel.Add(0xF0, [0x20, 0x00, .. "Fatal excep"u8]);
        _sel.Add(0xF0, [0x20, 0x00, .. "Oops\n\0\0\0\0\0\0"u8]);
        List<CimInstance> entries = await _host.EnumerateAsync("OMC_IpmiLogEntry");
        Assert.Equal(
            ["OEM record c0 | b1a200 | 010203040506", "OEM record e1 | 0102030405060708090a0b0c0d", "Linux kernel panic: Fatal excep", "Linux kernel panic: Oops?"],
            entries.Select(e => e["Message"].AsString()));
        Assert.Equal([(ushort)0, (ushort)0, (ushort)6, (ushort)6], entries.Select(e => e["PerceivedSeverity"]));
        Assert.False(entries[0]["CreationTimeStamp"].IsNull);
        Assert.True(entries[1]["CreationTimeStamp"].IsNull);
        Assert.True(entries[0]["GeneratorID"].IsNull);
    }

    [Fact]
    public async Task A_clock_that_was_not_set_gives_no_time_but_seconds()
    {
        _sel.Add(0x02, 0x17, 0x06, 0x00, 0x00, 0x20, 0x00, 0x04, 0x08, 0x50, 0x6F, 0x01, 0xFF, 0xFF);
        _sel.Add(0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x20, 0x00, 0x04, 0x08, 0x50, 0x6F, 0x01, 0xFF, 0xFF);
        List<CimInstance> entries = await _host.EnumerateAsync("OMC_IpmiLogEntry");
        Assert.All(entries, e => Assert.True(e["CreationTimeStamp"].IsNull));
        Assert.Equal(0x617u, entries[0]["SecondsSinceStart"]);
        Assert.True(entries[1]["SecondsSinceStart"].IsNull);
    }

    [Fact]
    public async Task The_log_is_read_once_and_then_only_what_is_new()
    {
        Fill(50);
        Assert.Equal(50, (await _host.EnumerateAsync("OMC_IpmiLogEntry")).Count);
        Assert.Equal(50, EntriesRead);

        _bmc.Port.ClearRequests();
        Assert.Equal(50, (await _host.EnumerateAsync("OMC_IpmiLogEntry")).Count);
        Assert.Equal((1, 0), (_bmc.Port.Count(0x0A, 0x40), EntriesRead));

        _sel.AddEvent(0x08, 0x50, 0x6F, 0x01);
        Fill(2);
        _bmc.Port.ClearRequests();
        List<CimInstance> entries = await _host.EnumerateAsync("OMC_IpmiLogEntry");
        Assert.Equal(Enumerable.Range(1, 53).Select(i => $"{i:x4}"), entries.Select(e => e["RecordID"].AsString()));
        Assert.Equal("Power Supply PSU1 Status | Failure detected | Asserted", entries[50]["Message"].AsString());

        // The last known record, which leads on, and the three new ones.
        Assert.Equal(4, EntriesRead);
    }

    [Fact]
    public async Task An_erased_log_is_noticed_also_when_it_holds_as_many_records_again()
    {
        Fill(5);
        string?[] before = [.. (await _host.EnumerateAsync("OMC_IpmiLogEntry")).Select(e => e["InstanceID"].AsString())];
        _sel.Erase();
        for (int i = 0; i < 5; i++)
        {
            _sel.AddEvent(0x08, 0x50, 0x6F, 0x03);
        }

        List<CimInstance> after = await _host.EnumerateAsync("OMC_IpmiLogEntry");
        Assert.All(after, e => Assert.Equal("Power Supply PSU1 Status | Power Supply AC lost | Asserted", e["Message"].AsString()));
        Assert.Empty(before.Intersect(after.Select(e => e["InstanceID"].AsString())));
        Assert.Equal(["0001", "0002", "0003", "0004", "0005"], after.Select(e => e["RecordID"].AsString()));
    }

    [Fact]
    public async Task A_controller_that_tells_no_erase_time_cannot_hide_an_erasure()
    {
        Fill(5);
        await _host.EnumerateAsync("OMC_IpmiLogEntry");
        _sel.Erase();
        _sel.LastErase = uint.MaxValue;
        _sel.AddEvent(0x08, 0x50, 0x6F, 0x03);
        Assert.Single(await _host.EnumerateAsync("OMC_IpmiLogEntry"));
        _sel.Erase();
        _sel.LastErase = uint.MaxValue;
        Assert.Empty(await _host.EnumerateAsync("OMC_IpmiLogEntry"));
    }

    [Fact]
    public async Task A_full_log_that_drops_its_oldest_records_is_followed()
    {
        _sel.Capacity = 20;
        _sel.Wraps = true;
        Fill(20);
        Assert.Equal(20, (await _host.EnumerateAsync("OMC_IpmiLogEntry")).Count);
        Fill(3);

        // Even when nothing in Get SEL Info moves: same count, same second.
        _sel.LastAddition = ScriptedSel.Start + 20;
        _bmc.Port.ClearRequests();
        List<CimInstance> entries = await _host.EnumerateAsync("OMC_IpmiLogEntry");
        Assert.Equal(Enumerable.Range(4, 20).Select(i => $"{i:x4}"), entries.Select(e => e["RecordID"].AsString()));
        Assert.Equal(5, EntriesRead);
        CimInstance log = Assert.Single(await _host.EnumerateAsync("OMC_IpmiRecordLog"));
        Assert.Equal((ushort)2, log["OverwritePolicy"]);
    }

    [Fact]
    public async Task A_record_that_went_away_makes_the_log_read_again()
    {
        Fill(10);
        await _host.EnumerateAsync("OMC_IpmiLogEntry");
        _sel.Remove(3);
        Assert.Equal(9, (await _host.EnumerateAsync("OMC_IpmiLogEntry")).Count);
        Assert.DoesNotContain(await _host.EnumerateAsync("OMC_IpmiLogEntry"), e => e["RecordID"].AsString() == "0004");
    }

    [Fact]
    public async Task A_controller_that_wants_lengths_told_is_asked_so()
    {
        _sel.RefusesWholeRecord = true;
        Fill(3);
        Assert.Equal(3, (await _host.EnumerateAsync("OMC_IpmiLogEntry")).Count);
        Assert.Equal(4, EntriesRead);
    }

    [Fact]
    public async Task From_80_percent_on_the_log_is_degraded_and_the_host_s_log_says_so_once()
    {
        Fill(79);
        Assert.Equal((ushort)5, Assert.Single(await _host.EnumerateAsync("OMC_IpmiRecordLog"))["HealthState"]);
        Fill(1);
        CimInstance log = Assert.Single(await _host.EnumerateAsync("OMC_IpmiRecordLog"));
        Assert.Equal((ushort)10, log["HealthState"]);
        Assert.Equal((ushort)80, log["PercentUsed"]);
        Assert.Equal(["The log is 80 % full"], log["StatusDescriptions"].AsArray<string?>()!.AsEnumerable());
        Assert.Equal(100ul, log["MaxNumberOfRecords"]);
        Assert.Equal(80ul, log["CurrentNumberOfRecords"]);
        Fill(1);
        await _host.EnumerateAsync("OMC_IpmiRecordLog");
        Assert.Single(_host.Host.Log.Messages, m => m.Contains("% full", StringComparison.Ordinal));
        _sel.Overflow = true;
        Assert.Equal(true, Assert.Single(await _host.EnumerateAsync("OMC_IpmiRecordLog"))["EventsLost"]);
    }

    [Fact]
    public async Task ClearLog_erases_and_nothing_else_does()
    {
        Fill(3);
        _sel.EraseSteps = 0;
        CimInstance log = Assert.Single(await _host.EnumerateAsync("OMC_IpmiRecordLog"));
        await _host.EnumerateAsync("OMC_IpmiLogEntry");
        Assert.Equal(0, _sel.Erased);
        Assert.Equal(0u, await ClearAsync(log.Path!));
        Assert.Equal((1, 0), (_sel.Erased, _sel.Count));
        Assert.Empty(await _host.EnumerateAsync("OMC_IpmiLogEntry"));

        _bmc.Port.On(0x0A, 0x47, _ => new(0xC1, default));
        Assert.Equal(1u, await ClearAsync(log.Path!));
    }

    [Fact]
    public async Task A_controller_without_a_log_has_no_log()
    {
        _bmc.Port.On(0x0A, 0x40, _ => new(0xC1, default));
        Assert.Empty(await _host.EnumerateAsync("OMC_IpmiRecordLog"));
        Assert.Empty(await _host.EnumerateAsync("OMC_IpmiLogEntry"));
    }

    [Fact]
    public async Task A_log_that_leads_in_a_circle_ends()
    {
        Fill(3);
        _bmc.Port.On(0x0A, 0x43, r =>
        {
            byte id = Math.Max((byte)1, r.Data.Span[2]);
            return new(0, new byte[] { (byte)((id % 3) + 1), 0, id, 0, 2, 0x10, 0x20, 0x30, 0x66, 0x20, 0, 4, 8, 0x50, 0x6F, 1, 0xFF, 0xFF });
        });
        (List<CimInstance> told, CimException? error) = await _host.EnumerateToErrorAsync("OMC_IpmiLogEntry");
        Assert.Equal(3, told.Count);
        Assert.Null(error);
    }

    [Fact]
    public async Task Nonsense_instead_of_a_record_is_an_error_that_names_the_controller()
    {
        Fill(3);
        _bmc.Port.On(0x0A, 0x43, 0x01);
        (_, CimException? error) = await _host.EnumerateToErrorAsync("OMC_IpmiLogEntry");
        Assert.Contains("ipmi0", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OMC_IpmiRecordLog")]
    [InlineData("OMC_IpmiLogEntry")]
    [InlineData("OMC_IpmiLogRecord")]
    [InlineData("OMC_LogManagesRecord")]
    [InlineData("OMC_UseOfLog")]
    public async Task The_classes_of_the_log_keep_the_contract(string className)
    {
        Fill(3);
        ICimProvider provider = _host.ProviderOf(className);
        await ProviderContract.CheckAsync(provider, IpmiTestHost.Schema.Request(className));
        Assert.Contains(className, ProviderContract.CheckExport(provider.GetType(), IpmiTestHost.Schema));
    }

    private void Fill(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _sel.AddEvent(0x01, 0x01, 0x01, 0x57, 81, 80);
        }
    }

    private async Task<CimValue> ClearAsync(CimObjectPath log)
    {
        CimProviderRequest request = IpmiTestHost.Schema.Request("OMC_IpmiRecordLog");
        CimMethodResult result = await ((ICimMethods)_host.ProviderOf("OMC_IpmiRecordLog")).InvokeAsync(
            request, log, request.CimClass.CimClassMethods["ClearLog"]!, CimNamedList<CimMethodParameter>.Empty, CancellationToken.None);
        return result.ReturnValue;
    }
}
