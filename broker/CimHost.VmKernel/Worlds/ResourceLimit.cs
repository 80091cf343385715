namespace CimHost.VmKernel.Worlds;

/// <summary>A limit (POSIX.1-2017 struct rlimit).</summary>
/// <param name="Soft">What is enforced.</param>
/// <param name="Hard">How far an unprivileged world may raise <paramref name="Soft"/>.</param>
public readonly record struct ResourceLimit(long Soft, long Hard);
