using CimHost.Providers.Storage.Wire.Ata;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What was read from an ATA disk; null for what it does not have or what was wrong.</summary>
internal sealed class AtaContent
{
    /// <summary>The disk's own verdict (SMART RETURN STATUS).</summary>
    public bool? Passed { get; init; }

    public SmartData? Smart { get; init; }

    public SmartThresholds? Thresholds { get; init; }

    public AtaErrorLog? Errors { get; set; }

    public AtaSelfTestLog? SelfTests { get; set; }

    public SctStatus? Sct { get; set; }

    public IReadOnlyList<DeviceStatistic> Statistics { get; set; } = [];
}
