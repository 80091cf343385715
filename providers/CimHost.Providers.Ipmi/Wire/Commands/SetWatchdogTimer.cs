using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Set Watchdog Timer (IPMI 2.0 §27.6) and Reset Watchdog Timer (§27.5). Their answers have no data.</summary>
internal static class SetWatchdogTimer
{
    /// <summary>Starts the timer, or starts it again with what was set last.</summary>
    public static IpmiRequest Reset { get; } = new(NetworkFunction.App, 0x22);

    /// <summary>Stops the timer and sets it.</summary>
    /// <param name="use">What is watched, with bit 7 for expirations that are not logged.</param>
    /// <param name="actions">Interrupt before the end and action at the end.</param>
    /// <param name="preTimeoutSeconds">How long before the end the interrupt comes.</param>
    /// <param name="clear">Expiration flags that are cleared.</param>
    /// <param name="countdown">Timeout in tenths of a second.</param>
    public static IpmiRequest Request(byte use, byte actions, byte preTimeoutSeconds, byte clear, ushort countdown) =>
        new(NetworkFunction.App, 0x24, new[] { use, actions, preTimeoutSeconds, clear, (byte)countdown, (byte)(countdown >> 8) });
}
