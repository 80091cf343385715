namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>How long the LAN driver waits for what.</summary>
public sealed record LanTiming
{
    /// <summary>A command, or opening a session, fails after this long.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A packet is sent again after this long without an answer; each further wait is half as long again.</summary>
    public TimeSpan Try { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An idle session is used at least this often, so that the BMC does not end it (they do after 60 s, IPMI 2.0 §6.12.15).</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After a failed attempt to open a session none is made for this long; doubled with each further failure.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time without an attempt.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Next wait of a packet that is sent again.</summary>
    internal static TimeSpan Longer(TimeSpan wait) => wait * 1.5;
}
