namespace CimHost.VmKernel.Scheduling;

/// <summary>A world that holds a worker or floods its queue.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="WorldId">Number of the world.</param>
/// <param name="Name">Name of the world.</param>
/// <param name="Group">Path of its group.</param>
/// <param name="Elapsed">For how long the work item has run; zero for flooding.</param>
/// <param name="CpuTime">Processor time that it has used in this time; for flooding that of the world.</param>
/// <param name="Waiting">Work items of the world that wait.</param>
public sealed record WorldOverrun(OverrunKind Kind, int WorldId, string Name, string Group, TimeSpan Elapsed, TimeSpan CpuTime, int Waiting);
