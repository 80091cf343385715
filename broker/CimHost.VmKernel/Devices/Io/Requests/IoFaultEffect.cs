namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>What an injected fault does to a request.</summary>
public enum IoFaultEffect
{
    /// <summary>It fails at once.</summary>
    Fail,

    /// <summary>It goes on after a while.</summary>
    Delay,

    /// <summary>It never reaches the driver and ends at its deadline.</summary>
    Hang,
}
