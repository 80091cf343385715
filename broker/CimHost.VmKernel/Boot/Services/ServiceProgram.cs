using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>A service of the host as the program of an in-process world: SIGTERM asks it to end.</summary>
/// <param name="body">The service. It returns when it was asked to end and has; before, that is a crash.</param>
public sealed class ServiceProgram(Func<ServiceContext, Task> body) : IProgram
{
    /// <summary>The descriptor on which a service tells that it serves, by writing anything.</summary>
    public const int ReadyDescriptor = 3;

    private static readonly byte[] s_ready = [(byte)'\n'];

    /// <summary>Why the last run did not come to serve; null when it did. Told here, so that a start that fails is no crash with a stack trace.</summary>
    public Exception? StartFailure { get; private set; }

    /// <inheritdoc/>
    public async Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end)
    {
        StartFailure = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end);
        await kernel.SigactionAsync(Signal.SIGTERM, SignalAction.Handle((_, _) => new ValueTask(stop.CancelAsync())));
        var context = new ServiceContext(stop.Token, end);
        Task service = body(context);
        try
        {
            await await Task.WhenAny(service, context.Serves);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            StartFailure = e;
            return 1;
        }

        if (context.Serves.IsCompletedSuccessfully)
        {
            await kernel.WriteAsync(ReadyDescriptor, s_ready);
            await SignalsUntilAsync(kernel, service, stop.Token);
        }

        try
        {
            await service;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was asked to end and has not minded where it was.
        }

        return stop.IsCancellationRequested ? 0 : 1;
    }

    // Signals are delivered at system calls, so the thread is in one for as long as the service runs.
    private static async Task SignalsUntilAsync(ISystemCalls kernel, Task service, CancellationToken stop)
    {
        while (!service.IsCompleted && !stop.IsCancellationRequested)
        {
            Task signal = kernel.SigsuspendAsync(SignalSet.Empty).AsTask();
            if (await Task.WhenAny(signal, service) == service)
            {
                // The world ends next and takes the call with it.
                _ = signal.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return;
            }

            try
            {
                await signal;
            }
            catch (KernelException e) when (e.Errno == Errno.EINTR)
            {
                // A handler has run.
            }
        }
    }
}
