namespace CimHost.VmKernel.SystemCalls;

/// <summary>CPU time (POSIX.1-2017 times(); user and system time are not told apart).</summary>
/// <param name="Own">Of the world.</param>
/// <param name="Children">Of its children that were reaped, and of theirs.</param>
public readonly record struct WorldTimes(TimeSpan Own, TimeSpan Children);
