namespace CimHost.Providers.Storage.Devices;

/// <summary>What a log says of a self-test.</summary>
/// <param name="Kind">Which test; null for one that cannot be started here.</param>
/// <param name="End">How it ended.</param>
internal sealed record SelfTestResult(SelfTestKind? Kind, SelfTestEnd End)
{
    /// <summary>CIM_RecordForLog.PerceivedSeverity: major for a failed test, else information.</summary>
    public ushort Severity => (ushort)(End == SelfTestEnd.Failed ? 5 : 2);
}
