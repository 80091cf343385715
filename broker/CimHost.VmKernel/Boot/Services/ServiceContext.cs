namespace CimHost.VmKernel.Boot.Services;

/// <summary>What a service of the host is told and tells.</summary>
/// <param name="stop">Cancelled when it is asked to end (SIGTERM), or killed.</param>
/// <param name="end">Cancelled when it was killed (SIGKILL): it is to return at once.</param>
public sealed class ServiceContext(CancellationToken stop, CancellationToken end)
{
    private readonly TaskCompletionSource _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when it is asked to end (SIGTERM), or killed.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Cancelled when it was killed (SIGKILL): it is to return at once.</summary>
    public CancellationToken End => end;

    internal Task Serves => _serves.Task;

    /// <summary>Tells that the service has begun to serve.</summary>
    public void Serving() => _serves.TrySetResult();

    /// <summary>Completes when the service is asked to end.</summary>
    public async Task WhenStoppedAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stop.Register(asked.SetResult);
        await asked.Task;
    }
}
