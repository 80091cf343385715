namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>A task that waits for its turn, and the thread of the world that it belongs to.</summary>
internal readonly record struct WorkItem(Task Task, WorldScheduler Source);
