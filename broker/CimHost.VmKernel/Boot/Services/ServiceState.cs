namespace CimHost.VmKernel.Boot.Services;

/// <summary>What a service is doing.</summary>
public enum ServiceState
{
    /// <summary>It does not run and nothing is about to start it.</summary>
    Stopped,

    /// <summary>It cannot be started, and nobody tries: a service that it requires is off, or its start said so.</summary>
    Blocked,

    /// <summary>It waits until the services that come before it run.</summary>
    Waiting,

    /// <summary>It is being started.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It ended by itself or could not be started, and is started again after a pause.</summary>
    BackingOff,

    /// <summary>It is asked to end.</summary>
    Stopping,
}
