namespace CimHost.VmKernel.Boot.Services;

/// <summary>A service that was started: a world, or several. Init holds it until <see cref="Completion"/> and lets go of it then.</summary>
public interface IServiceRun
{
    /// <summary>Completes when nothing of the service runs any more, for whatever reason. One that throws counts as a crash for that reason.</summary>
    Task<ServiceExit> Completion { get; }

    /// <summary>What it has used until now; after the end, in all.</summary>
    ResourceUse ResourceUse { get; }

    /// <summary>Asks the service to end (SIGTERM). It may return before the service has ended.</summary>
    /// <param name="cancellationToken">The time limit is over: the service is killed next.</param>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Ends the service for certain (SIGKILL), without waiting. May be called after the end, and more than once.</summary>
    void Kill();
}
