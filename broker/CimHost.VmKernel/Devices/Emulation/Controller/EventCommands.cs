using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Event commands (IPMI 2.0 §29).</summary>
internal static class EventCommands
{
    private const byte RemoteConsole = 0x81;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetEventReceiver", SensorCommands.NetFn, 0x01, 0, 0, (_, _) => Answer.Ok(0x20, 0x00)),
        new("PlatformEvent", SensorCommands.NetFn, 0x02, 7, 8, PlatformEvent),
    ];

    /// <summary>
    /// §29.3: an event for the log. Over the system interface the generator stands in front (8 bytes); from a console it is the console.
    /// </summary>
    private static IpmiResponse PlatformEvent(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        byte generator = data.Length == 8 ? data[0] : RemoteConsole;
        ReadOnlySpan<byte> told = data[^7..];
        uint now = state.Now;
        byte[] body = [0x02, (byte)now, (byte)(now >> 8), (byte)(now >> 16), (byte)(now >> 24), generator, 0, told[0], told[1], told[2], told[3], told[4], told[5], told[6]];
        return state.Log.Add(body) is null ? Answer.Error(CompletionCode.OutOfSpace) : Answer.Ok();
    }
}
