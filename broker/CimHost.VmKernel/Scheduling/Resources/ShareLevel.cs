namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>The named levels of shares; each is twice the one below.</summary>
public enum ShareLevel
{
    /// <summary>Half of normal.</summary>
    Low,

    /// <summary>What a group or world has unless told otherwise.</summary>
    Normal,

    /// <summary>Twice normal.</summary>
    High,

    /// <summary>A number of its own.</summary>
    Custom,
}
