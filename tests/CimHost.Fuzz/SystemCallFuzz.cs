using System.Buffers;
using System.Collections.Concurrent;
using CimHost.VmKernel;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Memory;
using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.SystemCalls.Sockets;
using CimHost.VmKernel.Worlds;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>What a process world sends to the kernel: frames of the system-call protocol and the values in them.</summary>
public class SystemCallFuzz
{
    private const int LargestAllocation = 1 << 20;
    private static readonly TimeSpan s_nap = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    private static readonly Action<PayloadReader>[] s_values =
    [
        static r => CallValues.ReadStat(r), static r => CallValues.ReadDirent(r), static r => CallValues.ReadAddress(r),
        static r => CallValues.ReadEnvironment(r), static r => CallValues.ReadWaitResult(r), static r => CallValues.ReadAction(r, null),
        static r => CallValues.ReadSpawnRequest(r), static r => r.List(static x => x.List(static y => y.Bytes())), static r => r.Optional(static x => x.Text()),
    ];

    [Fact]
    public void Any_bytes_are_frames_or_EPROTO() => Fuzzer.Run([.. Requests().Select(Bytes)], static data =>
    {
        ReadOnlyMemory<byte> rest = data;
        Refusable(() =>
        {
            while (SystemCallFrame.TryRead(rest, out SystemCallFrame frame, out int consumed))
            {
                if (consumed != SystemCallFrame.HeaderSize + frame.Payload.Length)
                {
                    throw new InvalidOperationException("A frame that is not as long as its bytes.");
                }

                rest = rest[consumed..];
            }
        });
    });

    [Fact]
    public void Any_payload_is_read_or_EPROTO_and_reserves_no_more_than_it_holds() => Fuzzer.Run(
        [.. Requests().Select(r => r.Payload.ToArray())],
        static data =>
        {
            foreach (Action<PayloadReader> read in s_values)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Refusable(() =>
                {
                    var reader = new PayloadReader(data);
                    read(reader);
                    reader.End();
                });
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (allocated > LargestAllocation + (200L * data.Length))
                {
                    throw new InvalidOperationException($"{allocated} bytes were allocated for a payload of {data.Length}.");
                }
            }
        });

    [Fact]
    public void A_process_may_send_anything_and_the_kernel_goes_on()
    {
        byte[][] frames = [.. Requests().Select(Bytes)];

        // Otherwise nothing that is tried here would reach a call: what is valid is answered with success.
        Assert.All(
            Requests().Where(static r => (SystemCallNumber)r.Code is SystemCallNumber.Open or SystemCallNumber.Spawn or SystemCallNumber.MemfdCreate).Take(3),
            static r => Assert.Equal(0, Assert.Single(ServeAsync(Bytes(r), s_longest).GetAwaiter().GetResult()).Code));
        Fuzzer.Run([.. frames, [.. frames.SelectMany(static f => f)]], static data => ServeAsync(data, s_nap).GetAwaiter().GetResult());
    }

    private static async Task<List<SystemCallFrame>> ServeAsync(byte[] input, TimeSpan patience)
    {
        var log = new Defects();
        var budget = new PageBudget(1 << 20);
        var files = new Vfs(new MemoryFileSystem("root", budget, 1 << 20, rootMode: 0x1FF));
        (await files.OpenAsync(FileCaller.Root, "/idle", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0x1ED)).Release();
        var table = new WorldTable(new WorldTableOptions
        {
            Programs = new Idle(),
            Files = new VfsNamespace(files),
            Memory = new WorldMemory(budget),
            Limits = new WorldLimits { Worlds = 20 },
            Logger = log,
        });
        await table.SpawnAsync(new SpawnRequest("/init", ["init"]));
        World world = await table.SpawnAsync(new SpawnRequest("/idle", ["idle"]));
        var stream = new Wire(input);
        Task served = new SystemCallServer(stream, world.Image.Threads[0]).RunAsync();

        // Calls that wait for ever are answered by nobody; they keep the server only until the world ends.
        await Task.WhenAny(served, stream.AllAnswered, Task.Delay(patience));
        await table.HaltAsync();
        await served;
        if (!log.IsEmpty)
        {
            throw new InvalidOperationException("A call failed by a defect.", log.First());
        }

        return Answers(stream.Sent);
    }

    private static List<SystemCallFrame> Answers(byte[] sent)
    {
        var answers = new List<SystemCallFrame>();
        ReadOnlyMemory<byte> rest = sent;
        while (!rest.IsEmpty)
        {
            if (!SystemCallFrame.TryRead(rest, out SystemCallFrame frame, out int consumed) || frame.Code < 0)
            {
                throw new InvalidOperationException("An answer that is no frame, or no error number.");
            }

            answers.Add(frame);
            rest = rest[consumed..];
        }

        return answers;
    }

    private static byte[] Bytes(SystemCallFrame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        frame.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static IEnumerable<SystemCallFrame> Requests()
    {
        uint id = 0;
        SystemCallFrame Request(SystemCallNumber number, PayloadWriter payload) => new(++id, 1, (int)number, payload.Written);
        static PayloadWriter W() => new();

        yield return Request(SystemCallNumber.Open, W().Text("/a").Int32((int)(OpenFlags.O_RDWR | OpenFlags.O_CREAT)).Int32(0x1B6));
        yield return Request(SystemCallNumber.Write, W().Int32(0).Bytes("text"u8));
        yield return Request(SystemCallNumber.Pread, W().Int32(0).Int32(100).Int64(2));
        yield return Request(SystemCallNumber.MemfdCreate, W().Text("memory").Int32(0));
        yield return Request(SystemCallNumber.Ftruncate, W().Int32(1).Int64(5_000));
        yield return Request(SystemCallNumber.Pipe, W().Int32((int)OpenFlags.O_NONBLOCK));
        yield return Request(SystemCallNumber.Poll, W().List([2, 3], static (to, f) => to.Int32(f).Int32(5)).OptionalValue<long>(0, static (to, t) => to.Int64(t)));
        yield return Request(SystemCallNumber.Mkdir, W().Text("/d").Int32(0x1FF));
        yield return Request(SystemCallNumber.Symlink, W().Text("/d").Text("/l"));
        yield return Request(SystemCallNumber.Rename, W().Text("/a").Text("/l/b"));
        yield return Request(SystemCallNumber.Readdir, W().Int32(0).Int64(0).Int32(10));
        yield return Request(SystemCallNumber.Socket, W().Int32((int)SocketDomain.AF_UNIX).Int32((int)OpenFlags.O_NONBLOCK));
        PayloadWriter bind = W().Int32(4);
        CallValues.Write(bind, LoopbackAddress.Unix("name"));
        yield return Request(SystemCallNumber.Bind, bind);
        yield return Request(SystemCallNumber.Listen, W().Int32(4).Int32(3));
        PayloadWriter spawn = W();
        CallValues.Write(spawn, new SpawnRequest("/idle", ["idle", "x"])
        {
            Environment = new Dictionary<string, string> { ["A"] = "b" },
            FileActions = [SpawnFileAction.Open(5, "/a", OpenFlags.O_CREAT, 0x1A4), SpawnFileAction.Dup2(5, 6), SpawnFileAction.Close(2)],
            Credentials = new Credentials(5, 5, [6]),
            SignalMask = SignalSet.Of(Signal.SIGTERM),
            ProcessGroup = 0,
        });
        yield return Request(SystemCallNumber.Spawn, spawn);
        yield return Request(SystemCallNumber.Waitpid, W().Int32(-1).Int32(1));
        yield return Request(SystemCallNumber.Setrlimit, W().Int32(7).Int64(50).Int64(60));
        yield return Request(SystemCallNumber.Setgroups, W().List([1, 2], static (to, g) => to.Int32(g)));
        yield return Request(SystemCallNumber.Nanosleep, W().Int64(10));
        PayloadWriter action = W().Int32((int)Signal.SIGUSR1).Boolean(true);
        CallValues.Write(action, SignalAction.Ignore);
        yield return Request(SystemCallNumber.Sigaction, action);
        foreach (SystemCallNumber number in Enum.GetValues<SystemCallNumber>())
        {
            yield return Request(number, W().Int32(1).Int32(2).Int64(3).Int64(0));
        }
    }

    private static void Refusable(Action read)
    {
        try
        {
            read();
        }
        catch (KernelException refused) when (refused.Errno == Errno.EPROTO)
        {
            // Refused with a reason.
        }
    }

    private sealed class Idle : IProgramSource, IProgram
    {
        public IProgram? Find(string path) => this;

        public async Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end)
        {
            await Task.Delay(Timeout.Infinite, end);
            return 0;
        }
    }

    /// <summary>What a process sent before it waits for answers, and what it got.</summary>
    private sealed class Wire(byte[] input) : MemoryStream(input)
    {
        private readonly ArrayBufferWriter<byte> _sent = new();
        private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _unanswered = CountFrames(input);

        /// <summary>Completes when there are as many answers as requests.</summary>
        public Task AllAnswered => _allAnswered.Task;

        public byte[] Sent
        {
            get
            {
                lock (_sent)
                {
                    return _sent.WrittenSpan.ToArray();
                }
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = Read(buffer.Span);
            if (read == 0)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_sent)
            {
                _sent.Write(buffer.Span);
                if (--_unanswered == 0)
                {
                    _allAnswered.SetResult();
                }
            }

            return default;
        }

        private static int CountFrames(ReadOnlyMemory<byte> input)
        {
            int count = 0;
            Refusable(() =>
            {
                for (ReadOnlyMemory<byte> rest = input; SystemCallFrame.TryRead(rest, out _, out int consumed); rest = rest[consumed..])
                {
                    count++;
                }
            });
            return count;
        }
    }

    /// <summary>A log that keeps what must not be there.</summary>
    private sealed class Defects : ConcurrentQueue<Exception>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                Enqueue(exception);
            }
        }
    }
}
