namespace CimHost.VmKernel.Devices.Io.Statistics;

/// <summary>Statistics of a device.</summary>
/// <param name="Total">Of all worlds, those that ended included.</param>
/// <param name="Worlds">Of each world that has the device open, by name.</param>
public sealed record DeviceStatistics(IoStatistics Total, IReadOnlyDictionary<string, IoStatistics> Worlds)
{
    /// <summary>Of a device without a driver.</summary>
    public static DeviceStatistics None { get; } = new(IoStatistics.None, new Dictionary<string, IoStatistics>());
}
