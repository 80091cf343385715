using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Answers the requests of one process world. The calls are those of an in-process world; only the way to them differs.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "RunAsync closes the stream.")]
internal sealed class SystemCallServer
{
    /// <summary>Most bytes that one read or write moves.</summary>
    public const int LargestTransfer = 1 << 20;

    private const int MostAtOnce = 256;
    private const int LongestMessage = 1024;

    private static readonly FrozenDictionary<SystemCallNumber, SystemCallHandler> s_handlers = AllHandlers().ToFrozenDictionary();

    private readonly FrameStream _frames;
    private readonly WorldThread _main;
    private readonly SemaphoreSlim _room = new(MostAtOnce, MostAtOnce);

    public SystemCallServer(Stream stream, WorldThread main)
    {
        _frames = new FrameStream(stream);
        _main = main;
    }

    /// <summary>Serves until the process closes its end, breaks the protocol, or the world ends.</summary>
    public async Task RunAsync()
    {
        await using (_frames)
        {
            try
            {
                while (await _frames.ReadAsync(_main.Image.End) is { } request)
                {
                    // A process with too many calls under way is read again only when one is answered.
                    await _room.WaitAsync(_main.Image.End);
                    _ = AnswerAsync(request);
                }
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The process or the world has ended: nobody waits for answers.
            }
            catch (KernelException)
            {
                // What does not speak the protocol is not a world of the kernel.
                _main.Table.Change(effects =>
                {
                    _main.Table.End(_main.World, WaitStatus.Signaled((int)Signals.Signal.SIGKILL), null, effects);
                    return true;
                });
            }
        }
    }

    private static Dictionary<SystemCallNumber, SystemCallHandler> AllHandlers()
    {
        var all = new Dictionary<SystemCallNumber, SystemCallHandler>
        {
            [SystemCallNumber.ThreadCreate] = static async (k, r, w) => w.Int32((await k.RegisterThreadAsync()).Id),
            [SystemCallNumber.ThreadExit] = static (k, r, w) => k.EndThreadAsync(r.Int32()),
        };
        foreach (Dictionary<SystemCallNumber, SystemCallHandler> part in new[]
        {
            FilesDispatch.Handlers, DescriptorsDispatch.Handlers, SocketsDispatch.Handlers, WorldsDispatch.Handlers, SignalsDispatch.Handlers,
        })
        {
            foreach ((SystemCallNumber number, SystemCallHandler handler) in part)
            {
                all.Add(number, handler);
            }
        }

        return all;
    }

    private async Task AnswerAsync(SystemCallFrame request)
    {
        await Task.Yield();
        try
        {
            await _frames.WriteAsync(await CallAsync(request));
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<SystemCallFrame> CallAsync(SystemCallFrame request)
    {
        var writer = new PayloadWriter();
        try
        {
            if (!s_handlers.TryGetValue((SystemCallNumber)request.Code, out SystemCallHandler? handler))
            {
                throw new KernelException(Errno.ENOSYS, $"The kernel has no system call {request.Code}.");
            }

            await handler(Thread(request.Thread).Calls, new PayloadReader(request.Payload), writer);
            return writer.Written.Length <= SystemCallFrame.LargestPayload
                ? request with { Code = 0, Payload = writer.Written }
                : Failure(request, Errno.E2BIG, "The answer is larger than a frame of the system-call protocol.");
        }
        catch (KernelException failure)
        {
            return Failure(request, failure.Errno, failure.Message);
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or IOException or ObjectDisposedException))
        {
            // Whatever goes wrong here, the caller gets an answer and the other worlds never notice.
            SystemCallLog.Defect(_main.Table.Options.Logger, defect, request.Code, _main.World.Id);
            return Failure(request, Errno.EIO, "The kernel failed in this call; its log says more.");
        }
    }

    // The message may quote what the request brought, which may fill a frame by itself.
    private static SystemCallFrame Failure(SystemCallFrame request, Errno errno, string message) => request with
    {
        Code = (int)errno,
        Payload = Encoding.UTF8.GetBytes(message.Length <= LongestMessage ? message : message[..LongestMessage]),
    };

    private WorldThread Thread(int id) => id == _main.Id
        ? _main
        : _main.Table.Change(_ => _main.Image.FindThread(id))
            ?? throw new KernelException(Errno.ESRCH, $"{_main.World} has no thread {id}.");
}
