namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>What a fault rule does to a request or to a read that it matches.</summary>
public enum FaultEffect
{
    /// <summary>Never answers, until the caller gives up or the rule goes away.</summary>
    Hang,

    /// <summary>Answers later by <see cref="FaultRule.Delay"/>.</summary>
    Delay,

    /// <summary>Answers every <see cref="FaultRule.Every"/>th request with <see cref="FaultRule.CompletionCode"/> and no data.</summary>
    CompletionCode,

    /// <summary>Keeps the first <see cref="FaultRule.Keep"/> bytes of the data.</summary>
    Truncate,

    /// <summary>Inverts the bits <see cref="FaultRule.Mask"/> of the byte <see cref="FaultRule.Offset"/> of the data.</summary>
    Corrupt,

    /// <summary>Loses every <see cref="FaultRule.Every"/>th request: the port runs into its time limit.</summary>
    Drop,

    /// <summary>The session to the controller is lost: the port is unavailable.</summary>
    SessionLoss,

    /// <summary>A file cannot be read; the reason is <see cref="FaultRule.Error"/>.</summary>
    Error,

    /// <summary>A file or directory is not there.</summary>
    Absent,
}
