namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>How a part is broken, where its kind leaves a choice.</summary>
public sealed record BreakOptions
{
    /// <summary>Of <see cref="BreakKind.Slow"/>: how much later, up to an hour.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of <see cref="BreakKind.Truncate"/>: bytes that are kept.</summary>
    public int Keep { get; init; } = 1;

    /// <summary>Of <see cref="BreakKind.Corrupt"/>: which byte, from the end when negative (−1 is the last).</summary>
    public int Offset { get; init; } = -1;

    /// <summary>How many answers are meant; null: all until the change is taken back.</summary>
    public int? Count { get; init; }
}
