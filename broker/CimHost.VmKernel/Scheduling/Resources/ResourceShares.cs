namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// The weight of a group or world against its siblings. A group's levels are 2000, 4000 and 8000 for CPU and 81920, 163840 and 327680
/// for memory, a world's 500, 1000 and 2000: the numbers of ESXi's resource pools and of a virtual machine with one processor.
/// </summary>
public readonly record struct ResourceShares
{
    /// <summary>Most shares of one group or world.</summary>
    public const int Max = 1_000_000;

    private ResourceShares(ShareLevel level, int value) => (Level, Value) = (level, value);

    /// <summary>Level, or <see cref="ShareLevel.Custom"/>.</summary>
    public ShareLevel Level { get; }

    /// <summary>The weight, 1 to <see cref="Max"/>.</summary>
    public int Value { get; }

    /// <summary>Shares of a group by level.</summary>
    /// <exception cref="KernelException">EINVAL: <see cref="ShareLevel.Custom"/> has no number of its own.</exception>
    public static ResourceShares OfGroup(ShareLevel level, ResourceKind kind) => new(level, kind == ResourceKind.Cpu ? Scale(level, 2_000) : Scale(level, 81_920));

    /// <summary>Shares of a world by level.</summary>
    /// <exception cref="KernelException">EINVAL: <see cref="ShareLevel.Custom"/> has no number of its own.</exception>
    public static ResourceShares OfWorld(ShareLevel level) => new(level, Scale(level, 500));

    /// <summary>Shares by number.</summary>
    /// <exception cref="KernelException">EINVAL: not within 1 to <see cref="Max"/>.</exception>
    public static ResourceShares Custom(int value) => value is >= 1 and <= Max
        ? new(ShareLevel.Custom, value)
        : throw new KernelException(Errno.EINVAL, $"{value} shares are out of range; expected 1 to {Max}.");

    /// <summary>"normal (4000)".</summary>
    public override string ToString() => $"{Level.ToString().ToLowerInvariant()} ({Value})";

    private static int Scale(ShareLevel level, int low) => level switch
    {
        ShareLevel.Low => low,
        ShareLevel.Normal => low * 2,
        ShareLevel.High => low * 4,
        _ => throw new KernelException(Errno.EINVAL, "Custom shares need a number."),
    };
}
