using System.Runtime.InteropServices;
using System.Text;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Sockets;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.WorldProgram;

internal sealed class TestProgram : IProgram
{
    private const int Output = 1;

    public Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end) => arguments[1] switch
    {
        "identity" => IdentityAsync(kernel),
        "descriptors" => DescriptorsAsync(kernel),
        "files" => FilesAsync(kernel),
        "memory" => MemoryAsync(kernel),
        "sockets" => SocketsAsync(kernel),
        "children" => ChildrenAsync(kernel, arguments[2]),
        "threads" => ThreadsAsync(kernel),
        "catch" => CatchAsync(kernel),
        "wait" => WaitAsync(kernel),
        "spin" => SpinAsync(kernel),
        "leak" => LeakAsync(kernel),
        "crash" => throw new InvalidOperationException("crash on purpose"),
        "segfault" => Task.FromResult((int)Marshal.ReadByte(1)),
        "exit" => ExitAsync(kernel, int.Parse(arguments[2])),
        "exec" => ExecAsync(kernel, arguments[2]),
        "print" => PrintAsync(),
        "loop" => LoopAsync(kernel),
        _ => Task.FromResult(int.Parse(arguments[1])),
    };

    private static async Task TellAsync(ISystemCalls kernel, string text) => await kernel.WriteAsync(Output, Encoding.UTF8.GetBytes(text + "\n"));

    private static async Task<int> IdentityAsync(ISystemCalls kernel)
    {
        string name = (await kernel.GetEnvironmentAsync())["NAME"];
        await TellAsync(kernel, string.Join(' ',
            await kernel.GetpidAsync(), await kernel.GetppidAsync(), await kernel.GetpgidAsync(0), await kernel.GetuidAsync(),
            await kernel.GetcwdAsync(), name, Environment.GetEnvironmentVariable("NAME"), Environment.GetEnvironmentVariables().Count));
        return 0;
    }

    /// <summary>Tells the descriptors that the host's process had when it started: those below the runtime's own are looked at by name.</summary>
    private static async Task<int> DescriptorsAsync(ISystemCalls kernel)
    {
        IEnumerable<string> links = Directory.EnumerateFiles("/proc/self/fd")
            .Select(f => (Number: int.Parse(Path.GetFileName(f)), Target: File.ResolveLinkTarget(f, false)?.FullName ?? string.Empty))
            .OrderBy(f => f.Number)
            .Select(f => $"{f.Number}={f.Target}");
        await TellAsync(kernel, string.Join(' ', links));
        return 0;
    }

    private static async Task<int> FilesAsync(ISystemCalls kernel)
    {
        int file = await kernel.OpenAsync("/tmp/of-process", OpenFlags.O_CREAT | OpenFlags.O_RDWR, 0x1A4);
        var large = new byte[300_000];
        Random.Shared.NextBytes(large);
        int written = await kernel.WriteAsync(file, large);
        await kernel.LseekAsync(file, 0, SeekOrigin.Begin);
        var back = new byte[large.Length];
        int read = await kernel.ReadAsync(file, back);
        Stat stat = await kernel.FstatAsync(file);
        string error = "none";
        try
        {
            await kernel.StatAsync("/tmp/nothing");
        }
        catch (KernelException failure)
        {
            error = failure.Errno.ToString();
        }

        await TellAsync(kernel, $"{written} {read} {stat.Size} {large.AsSpan().SequenceEqual(back)} {error}");
        return 0;
    }

    private static async Task<int> MemoryAsync(ISystemCalls kernel)
    {
        int memory = await kernel.MemfdCreateAsync("of-process");
        var large = new byte[300_000];
        Random.Shared.NextBytes(large);
        int written = await kernel.PwriteAsync(memory, large, 1_000_000);
        var back = new byte[large.Length];
        int read = await kernel.PreadAsync(memory, back, 1_000_000);
        await TellAsync(kernel, $"{written} {read} {(await kernel.FstatAsync(memory)).Size} {large.AsSpan().SequenceEqual(back)}");
        return 0;
    }

    private static async Task<int> SocketsAsync(ISystemCalls kernel)
    {
        int socket = await kernel.SocketAsync(SocketDomain.AF_UNIX);
        await kernel.ConnectAsync(socket, LoopbackAddress.Unix("test"));
        await kernel.SendAsync(socket, "ping"u8.ToArray());
        var buffer = new byte[16];
        int received = await kernel.RecvAsync(socket, buffer);
        IReadOnlyList<PollEvents> ready = await kernel.PollAsync([new PollRequest(socket, PollEvents.POLLOUT)], TimeSpan.FromSeconds(5));
        await TellAsync(kernel, $"{Encoding.ASCII.GetString(buffer, 0, received)} {ready[0]}");
        return 0;
    }

    private static async Task<int> ChildrenAsync(ISystemCalls kernel, string program)
    {
        int child = await kernel.SpawnAsync(new SpawnRequest(program, ["child"]));
        WaitResult result = await kernel.WaitpidAsync(child);
        await TellAsync(kernel, $"{result.WorldId == child} {result.Status.ExitCode}");
        return 0;
    }

    private static async Task<int> ThreadsAsync(ISystemCalls kernel)
    {
        int thread = await kernel.ThreadCreateAsync(static async t => 40 + await t.ThreadSelfAsync());
        return await kernel.ThreadJoinAsync(thread);
    }

    private static async Task<int> CatchAsync(ISystemCalls kernel)
    {
        var caught = new TaskCompletionSource<Signal>(TaskCreationOptions.RunContinuationsAsynchronously);
        await kernel.SigactionAsync(Signal.SIGUSR1, SignalAction.Handle((signal, _) =>
        {
            caught.TrySetResult(signal);
            return default;
        }));
        await kernel.SigprocmaskAsync(MaskChange.SIG_BLOCK, SignalSet.Of(Signal.SIGUSR1));
        await TellAsync(kernel, "ready");
        try
        {
            await kernel.SigsuspendAsync(SignalSet.Empty);
        }
        catch (KernelException interrupted)
        {
            await TellAsync(kernel, $"{await caught.Task} {interrupted.Errno}");
        }

        return 0;
    }

    private static async Task<int> WaitAsync(ISystemCalls kernel)
    {
        await TellAsync(kernel, "ready");
        await kernel.NanosleepAsync(TimeSpan.FromHours(1));
        return 0;
    }

    private static async Task<int> SpinAsync(ISystemCalls kernel)
    {
        // Takes SIGTERM and does nothing about it, as a hung program does.
        using PosixSignalRegistration deaf = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static c => c.Cancel = true);
        await TellAsync(kernel, "ready");
        while (true)
        {
            Thread.SpinWait(1000);
        }
    }

    private static async Task<int> LeakAsync(ISystemCalls kernel)
    {
        await TellAsync(kernel, "ready");
        var all = new List<byte[]>();
        while (true)
        {
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)1);
            all.Add(block);
        }
    }

    private static async Task<int> ExitAsync(ISystemCalls kernel, int code)
    {
        await kernel.ExitAsync(code);
        return 99;
    }

    private static async Task<int> ExecAsync(ISystemCalls kernel, string program)
    {
        await kernel.ExecAsync(program, ["next"]);
        return 99;
    }

    private static Task<int> PrintAsync()
    {
        Console.WriteLine("to the host's standard output");
        return Task.FromResult(0);
    }

    private static async Task<int> LoopAsync(ISystemCalls kernel)
    {
        for (int i = 0; ; i++)
        {
            await TellAsync(kernel, "tick");
            await kernel.NanosleepAsync(TimeSpan.FromMilliseconds(1));
        }
    }
}
