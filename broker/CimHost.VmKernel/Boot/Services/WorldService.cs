using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Generated;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>A service that runs as a user world, a child of init.</summary>
public sealed class WorldService : IServiceRun
{
    private const string ReadyVariable = "NOTIFY_FD";

    private readonly WorldTable _table;
    private readonly World _world;

    private WorldService(WorldTable table, World world)
    {
        _table = table;
        _world = world;
        Completion = CompleteAsync();
    }

    /// <inheritdoc/>
    public Task<ServiceExit> Completion { get; }

    /// <inheritdoc/>
    public ResourceUse ResourceUse => new(_world.CpuTime, _world.PeakMemory);

    /// <summary>Starts a world as a service: descriptor 0 is empty, 1 and 2 lead to the log.</summary>
    /// <param name="table">Process table.</param>
    /// <param name="request">The world.</param>
    /// <param name="notifies">
    /// Whether it serves only when it has written to the descriptor that the variable NOTIFY_FD names (3); else it serves when it was started.
    /// </param>
    /// <param name="output">Gets each line that it writes to its standard output and error.</param>
    /// <param name="cancellationToken">Kills it while it has not come to serve.</param>
    /// <returns>The service, once it serves.</returns>
    /// <exception cref="KernelException">There is no such program, or too many worlds.</exception>
    /// <exception cref="ServiceException">It ended before it served: how.</exception>
    public static async Task<IServiceRun> StartAsync(WorldTable table, SpawnRequest request, bool notifies, Action<string> output, CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var environment = new Dictionary<string, string>(request.Environment ?? new Dictionary<string, string>());
        var log = new LineOutput(output);
        List<OpenFile> files = [new DeviceFile(OpenFlags.O_RDONLY, static _ => 0, static b => b.Length), log, log];
        log.AddReference();
        if (notifies)
        {
            environment[ReadyVariable] = ServiceProgram.ReadyDescriptor.ToString();
            files.Add(new DeviceFile(OpenFlags.O_WRONLY, static _ => 0, bytes =>
            {
                ready.TrySetResult();
                return bytes.Length;
            }));
        }

        World world = await table.SpawnAsync(request with { Environment = environment }, [.. files]);
        var service = new WorldService(table, world);
        try
        {
            if (notifies && await Task.WhenAny(ready.Task, world.Completion).WaitAsync(cancellationToken) != ready.Task)
            {
                throw new InvalidOperationException($"{await service.Completion} before it served");
            }

            return service;
        }
        catch
        {
            service.Kill();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _table.Signal(_world, Signal.SIGTERM);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Kill() => _table.Signal(_world, Signal.SIGKILL);

    private async Task<ServiceExit> CompleteAsync()
    {
        WaitStatus status = await _world.Completion;
        string? reason = _world.Crash?.Message;
        if (_world.CannotBeStopped)
        {
            reason = (reason is null ? string.Empty : reason + " ") + "Its code still runs in the host and cannot be stopped.";
        }

        return status.IsExited ? new ServiceExit(status.ExitCode, null, reason) : new ServiceExit(0, ((Signal)status.TerminatingSignal).ToString(), reason);
    }
}
