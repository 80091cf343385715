using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Worlds;

/// <summary>The least that world 1 must do: reap children and the orphans that it adopts, until it is ended.</summary>
public sealed class InitProgram : IProgram
{
    /// <inheritdoc/>
    public async Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end)
    {
        await kernel.SigprocmaskAsync(MaskChange.SIG_BLOCK, SignalSet.Of(Signal.SIGCHLD));
        await kernel.SigactionAsync(Signal.SIGCHLD, SignalAction.Handle(static (_, _) => ValueTask.CompletedTask));
        while (true)
        {
            await ReapAsync(kernel);
            try
            {
                await kernel.SigsuspendAsync(SignalSet.Empty);
            }
            catch (KernelException interrupted) when (interrupted.Errno == Errno.EINTR)
            {
                // A child has ended.
            }
        }
    }

    private static async Task ReapAsync(ISystemCalls kernel)
    {
        try
        {
            while ((await kernel.WaitpidAsync(-1, WaitOptions.WNOHANG)).WorldId != 0)
            {
            }
        }
        catch (KernelException none) when (none.Errno == Errno.ECHILD)
        {
            // No child is left.
        }
    }
}
