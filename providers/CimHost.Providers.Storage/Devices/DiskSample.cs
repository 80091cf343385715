using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What a device said of itself at a time.</summary>
internal sealed record DiskSample
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Ok, Asleep (then the values are the last known ones, if any) or what kept the device from being read.</summary>
    public ReadingState State { get; init; } = ReadingState.Ok;

    /// <summary>Why it is not Ok.</summary>
    public string? Reason { get; init; }

    /// <summary>True when there are values, of whatever age.</summary>
    public bool HasValues { get; init; } = true;

    /// <summary>"Active", "Idle", "Standby"; empty when not told.</summary>
    public string PowerMode { get; init; } = string.Empty;

    public DiskHealth Health { get; init; }

    /// <summary>What makes up the health, worst first.</summary>
    public IReadOnlyList<string> HealthReasons { get; init; } = [];

    /// <summary>What of the device could not be read, and why.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public ulong? PowerOnHours { get; init; }

    public ulong? PowerCycles { get; init; }

    public IReadOnlyList<DiskSensor> Sensors { get; init; } = [];

    public IReadOnlyList<DiskAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<DiskRecord> SelfTests { get; init; } = [];

    public IReadOnlyList<DiskRecord> Errors { get; init; } = [];

    /// <summary>The self-tests that the device has.</summary>
    public IReadOnlyList<SelfTestOffer> SelfTestOffers { get; init; } = [];

    /// <summary>How much of the self-test that runs is done, in percent; null when none runs.</summary>
    public int? SelfTestPercent { get; init; }

    public IReadOnlyList<FirmwareImage> Firmware { get; init; } = [];

    public IReadOnlyList<SesElement> Elements { get; init; } = [];
}
