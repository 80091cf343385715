namespace CimHost.Providers.Storage.Devices;

/// <summary>A record of a device's log.</summary>
/// <param name="Key">Stable name within the log: the number of the error, or hours, kind and result of a self-test.</param>
/// <param name="Text">What happened, for people.</param>
/// <param name="Severity">CIM_RecordForLog.PerceivedSeverity: 2 information, 3 warning, 5 major.</param>
/// <param name="Hours">Power-on hours when it happened; null when not told.</param>
/// <param name="Data">The values of the record, "name=value" with commas.</param>
/// <param name="Test">For a self-test: which, and how it ended; null for other records.</param>
internal sealed record DiskRecord(string Key, string Text, ushort Severity, ulong? Hours, string Data, SelfTestResult? Test = null);
