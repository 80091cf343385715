namespace CimHost.VmKernel.Worlds;

/// <summary>What waitpid() found.</summary>
/// <param name="WorldId">World id of the child; 0 when, with WNOHANG, none has anything to tell.</param>
/// <param name="Status">Its status.</param>
/// <param name="ChildCpuTime">CPU time of a child that was reaped, with that of its own reaped children.</param>
public readonly record struct WaitResult(int WorldId, WaitStatus Status, TimeSpan ChildCpuTime);
