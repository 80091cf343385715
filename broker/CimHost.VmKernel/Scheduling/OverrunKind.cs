namespace CimHost.VmKernel.Scheduling;

/// <summary>How a world misuses its workers.</summary>
public enum OverrunKind
{
    /// <summary>One work item computes and does not yield.</summary>
    Spinning,

    /// <summary>One work item waits synchronously and so holds a worker.</summary>
    Blocking,

    /// <summary>More work items wait than a world may have.</summary>
    Flooding,
}
