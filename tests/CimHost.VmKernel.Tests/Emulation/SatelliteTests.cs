using System.Net;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Live;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>A controller behind the emulated BMC, asked directly and, through Send Message, over a LAN session.</summary>
public sealed class SatelliteTests : IDisposable
{
    private const byte Address = 0x2C;

    private const string Satellites = """
        { "controllers": [ { "name": "PDB", "address": "0x2C", "entity": "powerSystemBoard.1", "deviceId": 44, "firmware": "1.04", "manufacturerId": 32473, "productId": 1, "provides": ["sensors"],
          "sensors": [ { "name": "Board", "number": 16, "entity": "powerSystemBoard.1", "type": "temperature", "unit": "°C", "range": { "min": 0, "max": 255, "resolution": 1 }, "value": 33,
            "thresholds": { "upperCritical": 80 } } ] } ] }
        """;

    private readonly MachineFolder _folder = new();
    private readonly EmulatedMachine _machine;

    public SatelliteTests()
    {
        _folder.Write("bmc/satellites.json", Satellites);
        _machine = _folder.Open();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("06 01", "00 2C 80 01 04 02 01 D9 7E 00 01 00 00 00 00 00")] // its own id
    [InlineData("06 04", "00 55 00")]
    [InlineData("04 2D 10", "00 21 C0 C0")] // 33, where the BMC's own sensor 16 reads 41
    [InlineData("04 2D 11", "CB")] // a sensor of the BMC only
    [InlineData("04 20", "00 01 81 40 01 45 6A")] // one sensor
    [InlineData("04 20 01", "00 01 81 40 01 45 6A")] // one record
    [InlineData("04 22", "00 01 00")]
    [InlineData("04 02 04 01 30 01 59 5B 5A", "C1")]
    [InlineData("00 01", "C1")] // it has no chassis
    [InlineData("0A 40", "C1")] // and no log
    [InlineData("04 21 00", "C7")]
    public async Task It_answers_for_itself(string request, string expected) => Assert.Equal(MachineBytes.Plain(expected), await AskAsync(_machine.IpmiPorts[0], request));

    [Fact]
    public async Task Its_record_is_its_own_and_in_the_repository_of_the_BMC()
    {
        string own = await AskAsync(_machine.IpmiPorts[0], "04 21 00 00 00 00 00 20");
        Assert.StartsWith("00FFFF0100" + "5101", own, StringComparison.Ordinal);
        Assert.Equal("2C0010", own.Substring(16, 6)); // owner, LUN, number
        var records = new List<string>();
        for (int id = 1; id <= 9; id++)
        {
            records.Add(await _machine.AskAsync($"0A 23 00 00 {id:X2} 00 00 10"));
        }

        Assert.Contains(records, r => r.Length > 22 && r.Substring(12, 2) == "01" && r.Substring(16, 2) == "2C");
        Assert.Contains(records, r => r.Length > 22 && r.Substring(12, 2) == "12" && r.Substring(16, 2) == "2C");
    }

    [Fact]
    public async Task It_may_have_a_FRU_inventory_of_its_own()
    {
        Assert.Equal("C1", await AskAsync(_machine.IpmiPorts[0], "0A 10 00"));
        using var folder = new MachineFolder();
        folder.Write("bmc/satellites.json", Satellites.Replace("\"provides\"", "\"fru\": { \"size\": 64, \"board\": { \"product\": \"PDB\" } }, \"provides\"", StringComparison.Ordinal));
        EmulatedMachine machine = folder.Open();
        Assert.Equal("00400000", await AskAsync(machine.IpmiPorts[0], "0A 10 00"));
        Assert.Equal("CB", await AskAsync(machine.IpmiPorts[0], "0A 10 01"));
        Assert.Equal("0008" + "01000001000000FE", await AskAsync(machine.IpmiPorts[0], "0A 11 00 00 00 08"));
        Assert.Equal("C1", await AskAsync(machine.IpmiPorts[0], "0A 12 00 00 00 01"));
    }

    [Fact]
    public async Task There_is_nobody_at_another_address_or_channel()
    {
        foreach ((byte target, byte channel) in new[] { ((byte)0x2E, (byte)0), (Address, (byte)1) })
        {
            HardwareException e = await Assert.ThrowsAsync<HardwareException>(async () =>
                await _machine.IpmiPorts[0].SendAsync(new IpmiRequest(6, 1, Target: target, Channel: channel), default));
            Assert.Equal(HardwareFault.Unavailable, e.Fault);
        }
    }

    [Fact]
    public async Task An_event_of_its_sensor_names_it()
    {
        new LiveHardware(_machine).Set("Board", "85");
        Assert.Equal("0021C0C0".Length, (await AskAsync(_machine.IpmiPorts[0], "04 2D 10")).Length);
        string entry = await _machine.AskAsync("0A 43 00 00 00 00 00 FF");
        Assert.EndsWith("2C00040110" + "01595550", entry, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_a_LAN_session_the_same_bytes_come_through_the_bridge()
    {
        await using var server = new RmcpServer(new IPEndPoint(IPAddress.Loopback, 0), _machine.IpmiPorts[0], [new RmcpUser("admin", "Secret12", 4)], NullLogger.Instance);
        await using LanIpmiPort port = Connect(server);
        foreach (string request in new[] { "06 01", "04 2D 10", "04 2D 11", "04 20 01", "00 01" })
        {
            Assert.Equal(await AskAsync(_machine.IpmiPorts[0], request), await AskAsync(port, request));
        }

        // Many at once, to both controllers: each gets its own answer.
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
            i % 2 == 0 ? await AskAsync(port, "04 2D 10") : Convert.ToHexString((await port.SendAsync(new IpmiRequest(4, 0x2D, new byte[] { 16 }), default)).Data.Span)));
        Assert.All(answers.Where((_, i) => i % 2 == 0), a => Assert.Equal("0021C0C0", a));
        Assert.All(answers.Where((_, i) => i % 2 != 0), a => Assert.Equal("29C0C0", a));
    }

    [Fact]
    public async Task Over_a_LAN_session_a_controller_that_is_not_there_is_told_at_once_and_the_session_lives_on()
    {
        await using var server = new RmcpServer(new IPEndPoint(IPAddress.Loopback, 0), _machine.IpmiPorts[0], [new RmcpUser("admin", "Secret12", 4)], NullLogger.Instance);
        await using LanIpmiPort port = Connect(server);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(async () => await port.SendAsync(new IpmiRequest(6, 1, Target: 0x2E), default));
        Assert.Equal(HardwareFault.Unavailable, e.Fault);
        Assert.Contains("2Eh", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.ActiveSessions);
        Assert.True((await port.SendAsync(new IpmiRequest(6, 1), default)).IsSuccess);
    }

    [Fact]
    public async Task What_a_user_may_not_do_at_the_BMC_goes_over_no_bridge_either()
    {
        await using var server = new RmcpServer(new IPEndPoint(IPAddress.Loopback, 0), _machine.IpmiPorts[0], [new RmcpUser("admin", "Secret12", 2)], NullLogger.Instance);
        await using LanIpmiPort port = Connect(server);
        Assert.Equal("0021C0C0", await AskAsync(port, "04 2D 10"));
        Assert.Equal("D4", await AskAsync(port, "04 26 10 10 00 00 00 00 50 00"));
    }

    [Theory]
    [InlineData("\"0x2C\"", "\"0x20\"")] // the BMC itself
    [InlineData("\"0x2C\"", "\"0x2D\"")] // no slave address
    [InlineData("\"number\": 16", "\"number\": 255")]
    [InlineData("\"name\": \"PDB\", ", "")]
    public void A_wrong_file_is_refused_with_its_place(string old, string text)
    {
        using var folder = new MachineFolder();
        folder.Write("bmc/satellites.json", Satellites.Replace(old, text, StringComparison.Ordinal));
        MachineFileException e = Assert.Throws<MachineFileException>(folder.Open);
        Assert.StartsWith("bmc/satellites.json", e.Message, StringComparison.Ordinal);
    }

    private static LanIpmiPort Connect(RmcpServer server) => new(
        new RemoteBmc("rack1", "127.0.0.1", server.LocalEndPoint.Port, "admin", "Secret12", 17), NullLogger.Instance, new LanTiming { Total = TimeSpan.FromSeconds(20), Try = TimeSpan.FromSeconds(2) });

    private static async Task<string> AskAsync(IIpmiPort port, string request)
    {
        byte[] bytes = Convert.FromHexString(MachineBytes.Plain(request));
        IpmiResponse answer = await port.SendAsync(new IpmiRequest(bytes[0], bytes[1], bytes.AsMemory(2), Target: Address), default);
        return Convert.ToHexString([answer.CompletionCode, .. answer.Data.Span]);
    }
}
