using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Tests.Emulation;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Hid;

/// <summary>The HID devices of an emulated machine: bytes as in their files, plugged in and out by files, and broken by rules.</summary>
public sealed class EmulatedHidTests : IDisposable
{
    private const string PortName = "hid-3-f055:0001-1-1:1.0";
    private const string Device = $$"""
        { "port": "{{PortName}}", "bus": "usb", "vendor": "0xF055", "product": 1, "serialNumber": "S1", "timeoutMs": 700,
          "reportDescriptor": ["05 84 09 04", "A1 01 C0"],
          "reports": [ { "type": "feature", "data": "01 64" }, { "type": "input", "data": "02 05" } ] }
        """;

    private readonly MachineFolder _folder = new();
    private readonly EmulatedMachine _machine;

    public EmulatedHidTests()
    {
        _folder.Write("hid/ups.json", Device);
        _machine = _folder.Open();
    }

    public void Dispose() => _folder.Dispose();

    private IHidPort Port => Assert.Single(_machine.HidDevices);

    [Fact]
    public async Task The_device_gives_the_bytes_of_its_file()
    {
        Assert.Equal((PortName, new HidIdentity(3, 0xF055, 1, "", "", "S1")), (Port.Name, Port.Identity));
        Assert.Equal(new byte[] { 0x05, 0x84, 0x09, 0x04, 0xA1, 0x01, 0xC0 }, Port.ReportDescriptor.ToArray());
        Assert.Equal(new byte[] { 1, 0x64 }, (await GetAsync(Port, 1)).Data.ToArray());
        Assert.Equal(new byte[] { 1 }, (await Port.GetReportAsync(HidReportType.Feature, 1, 1, CancellationToken.None)).Data.ToArray());
        Assert.Equal(new byte[] { 2, 5 }, Port.LastInput(2)!.Data.ToArray());
        Assert.Null(Port.LastInput(1));
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => GetAsync(Port, 9));
        Assert.Equal(HardwareFault.Unsupported, e.Fault);
    }

    [Fact]
    public async Task An_edited_report_shows_in_the_next_request_on_the_same_port()
    {
        IHidPort port = Port;
        _folder.Edit("hid/ups.json", "01 64", "01 09");
        Assert.Equal(9, (await GetAsync(port, 1)).Data.Span[1]);
        Assert.Same(port, Port);
    }

    [Fact]
    public async Task A_file_that_appears_plugs_a_device_in_and_one_that_goes_unplugs_it()
    {
        IHidPort first = Port;
        _folder.Write("hid/second.json", Device.Replace("1-1:1.0", "1-2:1.0", StringComparison.Ordinal));
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([PortName, "hid-3-f055:0001-1-2:1.0"], _machine.HidDevices.Select(p => p.Name));
        File.Delete(Path.Combine(_folder.Path, "hid", "ups.json"));
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("hid-3-f055:0001-1-2:1.0", Port.Name);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => GetAsync(first, 1));
        Assert.Contains("gone", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"effect\": \"truncate\", \"keep\": 1", "01")]
    [InlineData("\"effect\": \"corrupt\"", "019B")]
    public async Task A_rule_spoils_the_answers_of_its_port(string effect, string answer)
    {
        Rule(effect);
        Assert.Equal(answer, Convert.ToHexString((await GetAsync(Port, 1)).Data.Span));
    }

    [Fact]
    public async Task A_hung_device_can_be_given_up_and_answers_once_the_rule_is_gone()
    {
        Rule("\"effect\": \"hang\"");
        using var cancellation = new CancellationTokenSource();
        IHidPort port = Port;
        Task<HidReport> abandoned = port.GetReportAsync(HidReportType.Feature, 1, 8, cancellation.Token).AsTask();
        Task<HidReport> patient = GetAsync(port, 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.False(patient.IsCompleted);
        _folder.Write("faults.json", """{ "rules": [] }""");
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        _machine.Refresh();
        Assert.Equal(0x64, (await patient).Data.Span[1]);
    }

    [Fact]
    public async Task A_rule_about_another_port_or_about_the_controller_leaves_the_device_alone()
    {
        _folder.Write("faults.json", """{ "rules": [ { "match": { "port": "ipmi0" }, "effect": "sessionLoss" }, { "match": {}, "effect": "sessionLoss" } ] }""");
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0x64, (await GetAsync(Port, 1)).Data.Span[1]);
    }

    [Theory]
    [InlineData("\"vendor\": \"0xF055\"", "\"vendor\": 70000", "$.vendor")]
    [InlineData("05 84 09 04", "05 8", "$.reportDescriptor[0]")]
    [InlineData("\"feature\"", "\"output\"", "$.reports[0].type")]
    [InlineData("\"input\", \"data\": \"02 05\"", "\"feature\", \"data\": \"01 05\"", "$.reports[1]")]
    [InlineData("\"serialNumber\"", "\"serial\"", "$.serial")]
    public void A_wrong_file_says_where_and_what_was_expected(string old, string text, string place)
    {
        _folder.Write("hid/ups.json", Device.Replace(old, text, StringComparison.Ordinal));
        MachineFileException e = Assert.Throws<MachineFileException>(() => _folder.Open());
        Assert.StartsWith("hid/ups.json:", e.Message, StringComparison.Ordinal);
        Assert.Contains(place + ":", e.Message, StringComparison.Ordinal);
    }

    private static Task<HidReport> GetAsync(IHidPort port, byte report) => port.GetReportAsync(HidReportType.Feature, report, 64, CancellationToken.None).AsTask();

    private void Rule(string effect)
    {
        _folder.Write("faults.json", $$"""{ "rules": [ { "match": { "port": "{{PortName}}" }, {{effect}} } ] }""");
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
    }
}
