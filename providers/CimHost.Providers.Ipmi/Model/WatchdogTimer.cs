using CimHost.Providers.Ipmi.Wire.Commands;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>The watchdog timer of a controller.</summary>
internal sealed class WatchdogTimer(IpmiClient client)
{
    private const byte AllFlags = 0x3E;
    private const byte DontLog = 0x80;

    /// <summary>How the timer stands; null when the controller has none.</summary>
    public async Task<GetWatchdogTimer?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await client.TryReadAsync(GetWatchdogTimer.Request, cancellationToken) is not { } data)
        {
            return null;
        }

        return GetWatchdogTimer.TryRead(data.Span, out GetWatchdogTimer timer) ? timer : throw client.Malformed("Get Watchdog Timer", data.Length);
    }

    /// <summary>Sets the timer and starts it.</summary>
    /// <param name="use">What is watched, 1–5.</param>
    /// <param name="action">What happens at the end, 0–3.</param>
    /// <param name="tenths">Timeout in tenths of a second.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask StartAsync(byte use, byte action, ushort tenths, CancellationToken cancellationToken)
    {
        await client.ReadAsync(SetWatchdogTimer.Request(use, action, 0, AllFlags, tenths), "Set Watchdog Timer", cancellationToken);
        await KeepAliveAsync(cancellationToken);
    }

    /// <summary>Sets a timer that runs back to its beginning.</summary>
    public async ValueTask KeepAliveAsync(CancellationToken cancellationToken) => await client.ReadAsync(SetWatchdogTimer.Reset, "Reset Watchdog Timer", cancellationToken);

    /// <summary>Stops the timer; it keeps its use, action and timeout.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        GetWatchdogTimer now = await ReadAsync(cancellationToken) ?? throw client.Refused("Get Watchdog Timer", Wire.CompletionCode.InvalidCommand);
        byte use = (byte)((now.Use & DontLog) | (now.TimerUse is >= 1 and <= 5 ? now.TimerUse : 4));
        await client.ReadAsync(SetWatchdogTimer.Request(use, now.Actions, now.PreTimeoutSeconds, 0, now.InitialCountdown), "Set Watchdog Timer", cancellationToken);
    }
}
