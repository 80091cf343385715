using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>Chassis, watchdog, LAN and DCMI of a scripted controller, with what a test sets.</summary>
internal sealed class ScriptedControl
{
    private readonly ScriptedBmc _bmc;

    public ScriptedControl(ScriptedBmc bmc)
    {
        _bmc = bmc;
        bmc.Port.On(0x00, 0x00, Capabilities, 0x20, 0x20, 0x20, 0x20)
            .On(0x00, 0x02, Control)
            .On(0x00, 0x04, Identify)
            .On(0x00, 0x07, 0x04, 0x00)
            .On(0x06, 0x22, _ => new IpmiResponse(WatchdogKnown ? (byte)0 : (byte)0x80, default))
            .On(0x06, 0x24, SetWatchdog)
            .On(0x06, 0x25, _ => new IpmiResponse(0, Watchdog))
            .On(0x06, 0x42, r => r.Data.Span[0] == 2 ? new IpmiResponse(0, new byte[] { 2, 4, 1, 0x80, 0xF2, 0x1B, 0, 0, 0 }) : new IpmiResponse(0xCC, default))
            .On(0x0C, 0x02, r => Lan.TryGetValue(r.Data.Span[1], out byte[]? value) ? new IpmiResponse(0, (byte[])[0x11, .. value]) : new IpmiResponse(0x80, default));
    }

    /// <summary>Intrusion switch and diagnostic interrupt.</summary>
    public byte Capabilities { get; set; } = 0x05;

    public byte[] Watchdog { get; set; } = [0x04, 0x01, 0, 0, 0x64, 0, 0x64, 0];

    public bool WatchdogKnown { get; set; } = true;

    public Dictionary<byte, byte[]> Lan { get; } = new()
    {
        [3] = [192, 0, 2, 10], [4] = [2], [5] = [2, 0, 0x5E, 0x10, 0, 1], [6] = [255, 255, 255, 0], [12] = [192, 0, 2, 1], [20] = [0x64, 0x80], [21] = [5],
    };

    /// <summary>The data of every control, identify and watchdog command so far.</summary>
    public List<string> Done { get; } = [];

    private IpmiResponse Control(IpmiRequest request)
    {
        Done.Add("control " + Convert.ToHexString(request.Data.Span));
        _bmc.ChassisPower = request.Data.Span[0] switch { 0 => 0x20, 1 => 0x21, _ => _bmc.ChassisPower };
        return new IpmiResponse(0, default);
    }

    private IpmiResponse Identify(IpmiRequest request)
    {
        Done.Add("identify " + Convert.ToHexString(request.Data.Span));
        return new IpmiResponse(0, default);
    }

    private IpmiResponse SetWatchdog(IpmiRequest request)
    {
        Done.Add("watchdog " + Convert.ToHexString(request.Data.Span));
        return new IpmiResponse(0, default);
    }
}
