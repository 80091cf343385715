using System.Diagnostics;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Worlds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.Benchmarks;

/// <summary>The kernel emulator: system calls of an in-process world, the in-memory file system, worlds and the scheduler. In this process.</summary>
internal static class KernelFigures
{
    private const int Calls = 500_000;
    private const int Spawns = 5_000;
    private const int FileMegabytes = 128;
    private const string Worker = "/bin/worker";
    private const string Nothing = "/bin/true";
    private const string Process = "/bin/process";

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        HostLayout layout = await HostLayout.CreateAsync(new PageBudget(512L << 20));
        var figures = new List<Figure>();
        await RunInWorldAsync(layout, async kernel =>
        {
            await SystemCallsAsync(figures, kernel);
            await FileSystemAsync(figures, kernel);
            await SpawnAsync(figures, kernel);
        });
        await SchedulerAsync(figures);
        return figures;
    }

    private static async Task SystemCallsAsync(List<Figure> figures, ISystemCalls kernel)
    {
        await kernel.MkdirAsync("/tmp/bench", 0x1ED);
        int file = await kernel.OpenAsync("/tmp/bench/file", OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0x1B6);
        byte[] buffer = new byte[1024];
        await kernel.WriteAsync(file, buffer);
        figures.Add(new Figure("System call getpid", await PerCallAsync(async () => await kernel.GetpidAsync()), "µs", 1));
        figures.Add(new Figure("System call stat, two directories deep", await PerCallAsync(async () => await kernel.StatAsync("/tmp/bench/file")), "µs", 1));
        figures.Add(new Figure("System call pread of 1 KB", await PerCallAsync(async () => await kernel.PreadAsync(file, buffer, 0)), "µs", 1));
        double openClose = await PerCallAsync(async () => await kernel.CloseAsync(await kernel.OpenAsync("/tmp/bench/file", OpenFlags.O_RDONLY)));
        figures.Add(new Figure("open and close, thousands a second (goal: at least)", 1000 / openClose, "k/s", 300));
        await kernel.CloseAsync(file);
    }

    private static async Task<double> PerCallAsync(Func<Task> call)
    {
        for (int i = 0; i < Calls / 2; i++)
        {
            await call();
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            await call();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
    }

    private static async Task FileSystemAsync(List<Figure> figures, ISystemCalls kernel)
    {
        byte[] block = new byte[1 << 20];
        Random.Shared.NextBytes(block);
        int file = await kernel.OpenAsync("/tmp/bench/large", OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0x1B6);
        double first = await GigabytesAsync(async i => await kernel.PwriteAsync(file, block, (long)i << 20));
        double again = await GigabytesAsync(async i => await kernel.PwriteAsync(file, block, (long)i << 20));
        double read = await GigabytesAsync(async i => await kernel.PreadAsync(file, block, (long)i << 20));
        await kernel.CloseAsync(file);
        await kernel.UnlinkAsync("/tmp/bench/large");
        figures.Add(new Figure("Sequential write of a new file in memory (goal: at least)", first, "GB/s", 1));
        figures.Add(new Figure("Sequential write over a file in memory (goal: at least)", again, "GB/s", 1));
        figures.Add(new Figure("Sequential read of a file in memory (goal: at least)", read, "GB/s", 1));
    }

    private static async Task<double> GigabytesAsync(Func<int, Task> block)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < FileMegabytes; i++)
        {
            await block(i);
        }

        return FileMegabytes * (double)(1 << 20) / 1e9 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task SpawnAsync(List<Figure> figures, ISystemCalls kernel)
    {
        double total = 0;
        for (int round = 0; round < 2; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Spawns; i++)
            {
                int child = await kernel.SpawnAsync(new SpawnRequest(Nothing, ["true"]));
                await kernel.WaitpidAsync(child);
            }

            total = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        figures.Add(new Figure("Spawn and reap an in-process world", total / Spawns, "µs", 100));
        const int Processes = 20;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < Processes; i++)
        {
            await kernel.WaitpidAsync(await kernel.SpawnAsync(new SpawnRequest(Process, ["true"])));
        }

        figures.Add(new Figure("Spawn and reap a process world", Stopwatch.GetElapsedTime(begin).TotalMilliseconds / Processes, "ms", 250));
    }

    // The same computation on a thread of its own and as a world that yields when its turn is over.
    private static async Task SchedulerAsync(List<Figure> figures)
    {
        using var scheduler = new FairScheduler(new FairSchedulerOptions { Workers = 1 }, NullLogger<FairScheduler>.Instance);
        ResourceTree tree = ResourceTree.CreateDefault(1_000_000, 1L << 30);
        using WorldQueue queue = scheduler.CreateQueue(tree.Get("host/user"), 1, "busy");
        await ComputeScheduledAsync(queue);
        double alone = double.MaxValue;
        double scheduled = double.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            alone = Math.Min(alone, await Task.Factory.StartNew(ComputeAlone, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            scheduled = Math.Min(scheduled, await ComputeScheduledAsync(queue));
        }

        figures.Add(new Figure("Cost of the scheduler for a busy world", Math.Max(0, (scheduled / alone) - 1) * 100, "%", 5));
    }

    private static double ComputeAlone()
    {
        long start = Stopwatch.GetTimestamp();
        double x = 1;
        for (int i = 0; i < 2_000; i++)
        {
            x = Step(x);
        }

        return x == 0 ? 0 : Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Task<double> ComputeScheduledAsync(TaskScheduler queue) => Task.Factory.StartNew(
        static async () =>
        {
            long start = Stopwatch.GetTimestamp();
            double x = 1;
            for (int i = 0; i < 2_000; i++)
            {
                x = Step(x);
                await FairScheduler.YieldWhenDue();
            }

            return x == 0 ? 0 : Stopwatch.GetElapsedTime(start).TotalSeconds;
        },
        CancellationToken.None,
        TaskCreationOptions.None,
        queue).Unwrap();

    private static double Step(double x)
    {
        for (int i = 0; i < 20_000; i++)
        {
            x = Math.Sqrt(x + i);
        }

        return x;
    }

    private static async Task RunInWorldAsync(HostLayout layout, Func<ISystemCalls, Task> body)
    {
        foreach (string path in new[] { "/bin/init", Worker, Nothing, Process })
        {
            OpenFile file = await layout.Vfs.OpenAsync(FileCaller.Root, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0x1ED);
            await file.ReleaseAsync();
        }

        var table = new WorldTable(new WorldTableOptions { Programs = new Programs(body), Files = new VfsNamespace(layout.Vfs) });
        await table.SpawnAsync(new SpawnRequest("/bin/init", ["init"]));
        World world = await table.SpawnAsync(new SpawnRequest(Worker, ["worker"]));
        WaitStatus status = await world.Completion;
        Exception? crash = world.Crash;
        await table.HaltAsync();
        if (status.ExitCode != 0 || crash is not null)
        {
            throw new InvalidOperationException($"The measuring world ended with {status}.", crash);
        }
    }

    private sealed class Programs(Func<ISystemCalls, Task> body) : IProgramSource
    {
        private readonly InitProgram _init = new();
        private readonly Lambda _nothing = new(static _ => Task.CompletedTask);
        private readonly Lambda _worker = new(body);

        public IProgram? Find(string path) => path switch
        {
            "/bin/init" => _init,
            Nothing => _nothing,
            Worker => _worker,
            _ => null,
        };

        public ValueTask<ProcessProgram?> FindProcessAsync(string path) => ValueTask.FromResult(path == Process ? new ProcessProgram("/bin/true", []) : null);
    }

    private sealed class Lambda(Func<ISystemCalls, Task> body) : IProgram
    {
        public async Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end)
        {
            await body(kernel);
            return 0;
        }
    }
}
