using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.Worlds.Native;

namespace CimHost.VmKernel.Worlds;

/// <summary>A program that runs as a child process.</summary>
internal sealed class ProcessImage(World world, ProcessProgram program, IReadOnlyList<string> arguments) : WorldImage(world)
{
    private const int OutputChunk = 16384;
    private const int SignalExitBase = 128;

    private const long LeastMemory = 1 << 20;

    private ChildProcess? _process;
    private ConfinedWorld? _confinement;
    private Signal _terminator;
    private bool _gone;

    /// <inheritdoc/>
    public override bool IsAlive => !_gone;

    /// <inheritdoc/>
    public override bool TakesRealSignals => true;

    /// <inheritdoc/>
    public override long PeakMemory => Math.Max(Volatile.Read(ref _process)?.PeakMemory ?? 0, Volatile.Read(ref _confinement)?.ReadUsage().MemoryPeak ?? 0);

    /// <summary>Host's process id, once it runs.</summary>
    public int? ProcessId => Volatile.Read(ref _process)?.Id;

    /// <inheritdoc/>
    public override void Start()
    {
        ChildProcess process;
        try
        {
            process = ChildProcess.Start(program, arguments, World.Environment);
        }
        catch
        {
            _gone = true;
            throw;
        }

        Volatile.Write(ref _process, process);
        World.Cpu.Attach(() => process.CpuTime);
        _ = new SystemCallServer(process.SystemCalls, Threads[0]).RunAsync();
        _ = PumpAsync(process.Output, 1);
        _ = PumpAsync(process.Error, 2);
        process.Watch(ConfineAndRelease, OnExited);
        if (Ended)
        {
            // It was ended while it started, before there was a process to kill.
            process.Kill((int)Signal.SIGKILL);
        }
    }

    /// <inheritdoc/>
    public override void Terminate(Signal signal, Effects effects)
    {
        _terminator = signal;
        Send(signal, effects);
    }

    /// <inheritdoc/>
    public override void Send(Signal signal, Effects effects) => effects.Add(() => Volatile.Read(ref _process)?.Kill((int)signal));

    /// <inheritdoc/>
    public override void OnStopped(bool stopped)
    {
        if (Volatile.Read(ref _confinement) is { } confinement)
        {
            confinement.IsStopped = stopped;
        }
    }

    /// <inheritdoc/>
    public override void Close(Effects effects)
    {
        base.Close(effects);
        Send(Signal.SIGKILL, effects);
    }

    private IDisposable ConfineAndRelease(ChildProcess process)
    {
        // The address space that a runtime reserves and never uses does not count; RLIMIT_AS of a world is its private memory.
        var limits = new ConfinementLimits { CpuShares = World.Shares, Memory = Math.Max(World.Resources.Memory.Soft, LeastMemory) };
        ConfinedWorld confinement = World.Table.Options.Confinement.Confine(World.Group, World.Id, World.Name, limits);
        try
        {
            process.Limit(World.Resources.OpenFiles.Soft);
            confinement.Attach(process.Id);
        }
        catch
        {
            confinement.Dispose();
            throw;
        }

        Volatile.Write(ref _confinement, confinement);
        confinement.IsStopped = World.IsStopped;
        if (!World.IsStopped)
        {
            process.Kill((int)Signal.SIGCONT);
        }

        return confinement;
    }

    private void OnExited(int rawStatus) => World.Table.Change(effects =>
    {
        _gone = true;
        foreach (WorldThread thread in Threads.ToArray())
        {
            RemoveThread(thread);
        }

        var status = new WaitStatus(rawStatus);

        // A runtime that catches the deadly signal to shut down ends with 128 + its number: it ended because of the signal all the same.
        if (_terminator != Signal.None && status.IsExited && status.ExitCode == SignalExitBase + (int)_terminator)
        {
            status = WaitStatus.Signaled((int)_terminator);
        }

        if (!Ended)
        {
            World.Table.End(World, status, null, effects);
        }

        World.Table.OnThreadEnded(this, effects);
        return true;
    });

    /// <summary>What the process writes to its own standard output and error goes to descriptors 1 and 2 of the world.</summary>
    private async Task PumpAsync(Stream stream, int descriptor)
    {
        var buffer = new byte[OutputChunk];
        await using (stream)
        {
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer, CancellationToken.None)) > 0;)
                {
                    await WriteAsync(descriptor, buffer.AsMemory(0, read));
                }
            }
            catch (Exception failure) when (failure is IOException or KernelException or OperationCanceledException)
            {
                // The process is gone or nobody takes its output: it is lost, as on a closed terminal.
            }
        }
    }

    private async Task WriteAsync(int descriptor, ReadOnlyMemory<byte> bytes)
    {
        if (World.Descriptors.TryAcquire(descriptor) is not { } file)
        {
            return;
        }

        try
        {
            for (int done = 0; done < bytes.Length;)
            {
                done += await file.WriteAsync(bytes[done..], End);
            }
        }
        finally
        {
            file.Release();
        }
    }
}
