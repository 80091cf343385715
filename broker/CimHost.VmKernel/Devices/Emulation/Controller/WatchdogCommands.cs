using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Watchdog timer commands (IPMI 2.0 §27).</summary>
internal static class WatchdogCommands
{
    private const byte NetFn = 0x06;
    private const byte NeverSet = 0x80;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("ResetWatchdogTimer", NetFn, 0x22, 0, 0, (s, _) => s.Watchdog.Reset(s.Elapsed) ? Answer.Ok() : Answer.Error(NeverSet)),
        new("SetWatchdogTimer", NetFn, 0x24, 6, 6, Set),
        new("GetWatchdogTimer", NetFn, 0x25, 0, 0, (s, _) => Answer.Ok(s.Watchdog.Answer(s.Elapsed))),
    ];

    private static IpmiResponse Set(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if ((data[0] & 7) is 0 or > 5 || (data[1] & 7) > 3)
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        state.Watchdog.Set(data, state.Elapsed);
        state.Evaluate();
        return Answer.Ok();
    }
}
