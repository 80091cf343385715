namespace CimHost.VmKernel.Signals;

/// <summary>What happens with a signal that reaches a world.</summary>
public enum SignalDisposition
{
    /// <summary>SIG_DFL: CHLD and CONT do nothing (more), STOP stops, all others end the world.</summary>
    Default = 0,

    /// <summary>SIG_IGN: nothing.</summary>
    Ignore = 1,

    /// <summary>The handler runs.</summary>
    Handler = 2,
}
