using System.Diagnostics;
using System.Runtime.InteropServices;
using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>Confinement by resource limits of real processes.</summary>
[Collection(nameof(FairSchedulerTests))]
public sealed class RlimitConfinementTests : IDisposable
{
    private readonly ResourceTree _tree = ResourceTree.CreateDefault(1_000, 1L << 30);
    private readonly RlimitConfinement _confinement = new("this is a test", TimeProvider.System);
    private readonly List<Process> _started = [];
    private int _next = 100;

    public void Dispose()
    {
        foreach (ConfinedWorld world in _confinement.Worlds)
        {
            world.Dispose();
        }

        foreach (Process process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }
    }

    [Fact]
    public void It_says_what_it_enforces_and_why()
    {
        Assert.Equal(ConfinementKind.ResourceLimits, _confinement.Kind);
        Assert.Contains("this is a test", _confinement.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_memory_limit_ends_a_program_that_wants_more_and_lets_another_be()
    {
        const string Program = "read go; head -c 60000000 /dev/zero | tail -c 60000000 | wc -c";
        (Process small, _) = Start(Program, new ConfinementLimits { Memory = 16 << 20 });
        (Process large, _) = Start(Program, new ConfinementLimits { Memory = 512 << 20 });
        await small.StandardInput.WriteLineAsync("go");
        await large.StandardInput.WriteLineAsync("go");

        Assert.Equal("60000000", (await large.StandardOutput.ReadToEndAsync()).Trim());
        Assert.NotEqual("60000000", (await small.StandardOutput.ReadToEndAsync()).Trim());
    }

    [Fact]
    public async Task Shares_three_to_one_divide_one_processor()
    {
        (Process first, ConfinedWorld a) = Start("while :; do :; done", new ConfinementLimits { CpuShares = ResourceShares.Custom(1_500) }, cpu: 0);
        (Process second, ConfinedWorld b) = Start("while :; do :; done", new ConfinementLimits { CpuShares = ResourceShares.Custom(500) }, cpu: 0);
        (TimeSpan a0, TimeSpan b0) = (a.ReadUsage().Cpu, b.ReadUsage().Cpu);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (TimeSpan a1, TimeSpan b1) = (a.ReadUsage().Cpu - a0, b.ReadUsage().Cpu - b0);
        Assert.False(first.HasExited || second.HasExited);
        Assert.InRange(a1 / (a1 + b1), 0.72, 0.79);
    }

    [Fact]
    public void A_world_leaves_the_first_processor_to_the_host_when_there_are_others()
    {
        string own = Allowed(Environment.ProcessId);
        (Process process, _) = Start("read go", new ConfinementLimits());
        int[] all = Numbers(own);
        Assert.Equal(all.Length > 1 ? all[1..] : all, Numbers(Allowed(process.Id)));

        static string Allowed(int id) => File.ReadLines($"/proc/{id}/status").Single(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split(':')[1].Trim();

        static int[] Numbers(string list) => [.. list.Split(',').Select(r => r.Split('-')).SelectMany(r => Enumerable.Range(int.Parse(r[0]), int.Parse(r[^1]) - int.Parse(r[0]) + 1))];
    }

    [Fact]
    public async Task Shares_are_nice_values_also_of_the_session_where_the_system_weighs_sessions()
    {
        (int? before, _) = await NiceAsync(Environment.ProcessId);
        (Process leader, ConfinedWorld world) = Start("echo leads; read go", new ConfinementLimits { CpuShares = ResourceShares.Custom(1_000) }, session: true);
        await IsAsync(leader, 13);
        world.Change(new ConfinementLimits { CpuShares = ResourceShares.Custom(500) });
        await IsAsync(leader, 17);

        // One that is in the session of others changes nothing for them.
        (Process member, _) = Start("read go", new ConfinementLimits { CpuShares = ResourceShares.Custom(500) });
        Assert.Equal((before, 17), await NiceAsync(member.Id));

        // The system takes one change in 0.1 s from users without privileges.
        static async Task IsAsync(Process process, int nice)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await NiceAsync(process.Id) is var (session, own) && (own != nice || (session ?? nice) != nice))
            {
                await Task.Delay(10, limit.Token);
            }
        }

        // The process's is field 19 of its line, the name in field 2 being "sh" or "dotnet".
        static async Task<(int? Session, int Own)> NiceAsync(int process) => (
            await SessionNiceAsync($"/proc/{process}/autogroup"),
            int.Parse((await File.ReadAllTextAsync($"/proc/{process}/stat")).Split(") ")[^1].Split(' ')[16]));

        // Null where the system has none (no such file), and in the session that the first process began with (an empty file).
        static async Task<int?> SessionNiceAsync(string file) =>
            File.Exists(file) && await File.ReadAllTextAsync(file) is { Length: > 0 } line ? int.Parse(line.Split(' ')[^1]) : null;
    }

    [Fact]
    public async Task A_CPU_limit_is_kept_by_pauses_and_ends_when_it_is_lifted()
    {
        (_, ConfinedWorld world) = Start("while :; do :; done", new ConfinementLimits { Cpu = 200 });
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = world.ReadUsage().Cpu;
        WorldUsage usage;
        TimeSpan elapsed;
        do
        {
            // On a busy computer a look comes late; what the process used until then it is paused for.
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            usage = world.ReadUsage();
            elapsed = Stopwatch.GetElapsedTime(start);
            Assert.True(elapsed < TimeSpan.FromSeconds(30), $"{usage.Cpu - before} in {elapsed}");
        }
        while ((usage.Cpu - before).TotalSeconds > (0.2 * elapsed.TotalSeconds) + 0.1);

        Assert.True(usage.Throttled > TimeSpan.Zero);

        world.Change(new ConfinementLimits());
        TimeSpan lifted = world.ReadUsage().Cpu;
        while (world.ReadUsage().Cpu - lifted < TimeSpan.FromMilliseconds(100))
        {
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task Usage_is_that_of_the_process_and_stays_after_its_end()
    {
        (Process process, ConfinedWorld world) = Start("read go; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; read go", new ConfinementLimits());
        await process.StandardInput.WriteLineAsync("go");
        Assert.Equal("done", await process.StandardOutput.ReadLineAsync());
        WorldUsage alive = world.ReadUsage();
        Assert.True(alive.Cpu > TimeSpan.Zero);
        Assert.True(alive.MemoryConsumed > 100_000);

        world.Kill();
        await process.WaitForExitAsync();
        Assert.Equal((alive.Cpu, 0), (world.ReadUsage().Cpu, world.ReadUsage().MemoryConsumed));
    }

    [Fact]
    public async Task Killing_a_world_kills_what_it_started_even_when_that_ignores_signals()
    {
        (Process process, ConfinedWorld world) = Start("trap '' TERM INT HUP; (trap '' TERM; while :; do sleep 1; done) & echo $!; while :; do sleep 1; done", new ConfinementLimits());
        int child = int.Parse((await process.StandardOutput.ReadLineAsync())!);

        world.Dispose();

        await process.WaitForExitAsync();
        while (ProcessResources.StartTime(child) is not null && !(await File.ReadAllTextAsync($"/proc/{child}/stat")).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(10);
        }

        Assert.Empty(_confinement.Worlds);
        _tree.Remove("host/user");
    }

    [Fact]
    public void A_world_is_confined_once_and_only_a_process_of_a_world_is_attached()
    {
        using ConfinedWorld world = _confinement.Confine(_tree.Get("host/user"), 1, "one", new ConfinementLimits());
        Assert.Equal(Errno.EEXIST, Assert.Throws<KernelException>(() => _confinement.Confine(_tree.Get("host/user"), 1, "again", new ConfinementLimits())).Errno);
        Assert.Equal(1, _tree.Get("host/user").Worlds);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => world.Attach(1)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => world.Attach(Environment.ProcessId)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => world.Attach(int.MaxValue)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => world.Change(new ConfinementLimits { Memory = 5 })).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => world.Change(new ConfinementLimits { Processes = 0 })).Errno);
    }

    [DllImport("libc", EntryPoint = "sched_setaffinity")]
    private static extern int SetAffinity(int process, nuint size, ref ulong mask);

    private (Process Process, ConfinedWorld World) Start(string program, ConfinementLimits limits, int? cpu = null, bool session = false)
    {
        var process = Process.Start(new ProcessStartInfo(session ? "setsid" : "sh", session ? ["sh", "-c", program] : ["-c", program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _started.Add(process);
        if (session)
        {
            Assert.Equal("leads", process.StandardOutput.ReadLine());
        }

        if (cpu is { } number)
        {
            ulong mask = 1UL << number;
            Assert.Equal(0, SetAffinity(process.Id, sizeof(ulong), ref mask));
        }

        ConfinedWorld world = _confinement.Confine(_tree.Get("host/user"), _next++, "shell", limits);
        world.Attach(process.Id);
        return (process, world);
    }
}
