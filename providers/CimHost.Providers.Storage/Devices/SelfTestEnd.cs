namespace CimHost.Providers.Storage.Devices;

/// <summary>How a self-test ended; the numbers are those of CIM_DiagnosticCompletionRecord.CompletionState.</summary>
internal enum SelfTestEnd : ushort
{
    Unknown = 0,
    Passed = 2,
    Failed = 5,

    /// <summary>By a reset, a format or the like.</summary>
    Aborted = 6,

    /// <summary>By a command of the host.</summary>
    Stopped = 7,
}
