using System.Runtime.InteropServices;
using System.Text;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Memory;
using CimHost.VmKernel.SystemCalls.Sockets;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.Worlds;

public sealed class ProcessWorldTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static ProcessProgram TestProgram => new(Path.Combine(AppContext.BaseDirectory, "CimHost.VmKernel.WorldProgram"), [])
    {
        HostEnvironment = new Dictionary<string, string>
        {
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
            ["DOTNET_TieredCompilation"] = "1",
        },
    };

    [Fact]
    public async Task It_knows_itself_and_has_its_own_environment_only()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.ChdirAsync("/tmp");
            SpawnRequest request = new(kernel.Process(TestProgram), ["world", "identity"])
            {
                Environment = new Dictionary<string, string> { ["NAME"] = "value" },
            };
            (World world, string text) = await RunAsync(kernel, k, request);

            // The variables: its own, that of the kernel, two of the host for the runtime; the shell adds PWD and perhaps OLDPWD and SHLVL.
            string[] words = text.Trim().Split(' ');
            Assert.Equal(
                [$"{world.Id}", $"{await k.GetpidAsync()}", $"{await k.GetpgidAsync(0)}", "0", "/tmp", "value", "value"], words[..7]);
            Assert.InRange(int.Parse(words[7]), 4, 7);
            Assert.False(world.IsInProcess);
            Assert.True(world.CpuTime > TimeSpan.Zero);
        });
    }

    [Fact]
    public async Task It_inherits_no_descriptor_of_the_host_but_its_own_four()
    {
        string path = Path.GetTempFileName();
        try
        {
            // A descriptor without close-on-exec, as a native library may leave it.
            int leaked = NativeOpen(path, 0);
            Assert.True(leaked > 3);
            string text = await OutputAsync("descriptors");
            Assert.DoesNotContain(path, text, StringComparison.Ordinal);
            Assert.Contains("0=/dev/null", text, StringComparison.Ordinal);
            _ = NativeClose(leaked);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Files_and_errors_are_those_of_the_kernel() =>
        Assert.Equal("300000 300000 300000 True ENOENT\n", await OutputAsync("files"));

    [Fact]
    public async Task Memory_of_the_kernel_is_reached_over_the_protocol() =>
        Assert.Equal("300000 300000 1300000 True\n", await OutputAsync("memory"));

    [Fact]
    public async Task What_it_prints_to_its_own_standard_output_goes_to_descriptor_1() =>
        Assert.Equal("to the host's standard output\n", await OutputAsync("print"));

    [Fact]
    public async Task It_talks_over_sockets_with_in_process_worlds()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int listener = await k.SocketAsync(SocketDomain.AF_UNIX, OpenFlags.O_CLOEXEC);
            await k.BindAsync(listener, LoopbackAddress.Unix("test"));
            await k.ListenAsync(listener, 1);
            int server = await k.ThreadCreateAsync(async t =>
            {
                int peer = await t.AcceptAsync(listener);
                var buffer = new byte[16];
                int read = await t.RecvAsync(peer, buffer);
                return await t.SendAsync(peer, Encoding.ASCII.GetBytes("pong of " + Encoding.ASCII.GetString(buffer, 0, read)));
            });
            (_, string text) = await RunAsync(kernel, k, new SpawnRequest(kernel.Process(TestProgram), ["world", "sockets"]));
            Assert.Equal(12, await k.ThreadJoinAsync(server));
            Assert.Equal("pong of ping POLLOUT\n", text);
        });
    }

    [Fact]
    public async Task It_spawns_and_reaps_worlds()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        string child = kernel.Program(static _ => Task.FromResult(17));
        await kernel.RunAsync(async k =>
        {
            (_, string text) = await RunAsync(kernel, k, new SpawnRequest(kernel.Process(TestProgram), ["world", "children", child]));
            Assert.Equal("True 17\n", text);
        });
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("threads", 42)]
    [InlineData("exit", 6, "6")]
    public async Task Its_exit_code_is_collected(string what, int code, string? argument = null)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(kernel.Process(TestProgram), ["world", what, argument ?? string.Empty]));
        Assert.Equal(WaitStatus.Exited(code), await world.Completion.WaitAsync(s_limit));
    }

    [Fact]
    public async Task Exec_gives_its_world_to_an_in_process_program()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        string next = kernel.Program(static _ => Task.FromResult(23));
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(kernel.Process(TestProgram), ["world", "exec", next]));
        Assert.Equal(WaitStatus.Exited(23), await world.Completion.WaitAsync(s_limit));
        Assert.True(world.IsInProcess);
    }

    [Theory]
    [InlineData("crash", 6)]
    [InlineData("segfault", 11)]
    public async Task A_crash_is_contained_and_told_as_such(string what, int signal)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(kernel.Process(TestProgram), ["world", what]));
        WaitStatus status = await world.Completion.WaitAsync(s_limit);

        // The runtime answers a bad access of managed code with an exception that nobody catches: SIGABRT; of native code with SIGSEGV.
        Assert.True(status.IsSignaled, status.ToString());
        Assert.Contains(status.TerminatingSignal, new[] { signal, WaitStatus.CrashSignal });
    }

    [Fact]
    public async Task A_caught_signal_arrives_as_a_real_one_and_interrupts_a_call_with_EINTR()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            (World world, int output) = await StartAsync(kernel, k, "catch");
            Assert.Equal("ready\n", await ReadLineAsync(k, output));
            await k.KillAsync(world.Id, Signal.SIGUSR1);
            Assert.Equal("SIGUSR1 EINTR\n", await ReadLineAsync(k, output));
            Assert.Equal(WaitStatus.Exited(0), (await k.WaitpidAsync(world.Id)).Status);
        });
    }

    [Theory]
    [InlineData(Signal.SIGTERM)]
    [InlineData(Signal.SIGUSR2)]
    [InlineData(Signal.SIGKILL)]
    public async Task A_signal_that_is_not_caught_ends_it(Signal signal)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            (World world, int output) = await StartAsync(kernel, k, "wait");
            Assert.Equal("ready\n", await ReadLineAsync(k, output));
            await k.KillAsync(world.Id, signal);
            Assert.Equal(WaitStatus.Signaled((int)signal), (await k.WaitpidAsync(world.Id)).Status);
        });
    }

    [Fact]
    public async Task One_that_spins_and_is_deaf_to_SIGTERM_is_killed_for_certain()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            (World world, int output) = await StartAsync(kernel, k, "spin");
            Assert.Equal("ready\n", await ReadLineAsync(k, output));
            await k.KillAsync(world.Id, Signal.SIGTERM);
            TimeSpan before = world.CpuTime;
            await WorldTableTests.UntilAsync(() => world.CpuTime > before);
            Assert.Equal(0, (await k.WaitpidAsync(world.Id, WaitOptions.WNOHANG)).WorldId);
            await k.KillAsync(world.Id, Signal.SIGKILL);
            Assert.Equal(WaitStatus.Signaled(9), (await k.WaitpidAsync(world.Id)).Status);
            Assert.False(world.CannotBeStopped);
            Assert.False(Directory.Exists($"/proc/{world.HostProcessId}"));
        });
    }

    [Fact]
    public async Task One_that_leaks_dies_of_its_memory_limit_and_harms_nobody()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            (World world, _) = await StartAsync(kernel, k, "leak");
            WaitStatus status = (await k.WaitpidAsync(world.Id)).Status;
            Assert.True(status.IsSignaled || status.ExitCode != 0, status.ToString());
        });
    }

    [Fact]
    public async Task Stop_halts_the_real_process_and_continue_lets_it_go_on()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            (World world, int output) = await StartAsync(kernel, k, "loop");
            Assert.Equal("tick\n", await ReadLineAsync(k, output));
            await k.KillAsync(world.Id, Signal.SIGSTOP);
            Assert.Equal(WaitStatus.Stopped, (await k.WaitpidAsync(world.Id, WaitOptions.WUNTRACED)).Status);
            await WorldTableTests.UntilAsync(() => HostState(world) == 'T');
            await k.KillAsync(world.Id, Signal.SIGCONT);
            Assert.Equal(WaitStatus.Continued, (await k.WaitpidAsync(world.Id, WaitOptions.WCONTINUED)).Status);
            await WorldTableTests.UntilAsync(() => HostState(world) != 'T');
            await k.KillAsync(world.Id, Signal.SIGKILL);
            await k.WaitpidAsync(world.Id);
        });
    }

    [Fact]
    public async Task A_world_is_confined_in_its_group_and_its_use_is_told_after_its_end()
    {
        ProcessConfinement confinement = ProcessConfinement.Detect();
        await using TestKernel kernel = await TestKernel.StartAsync(o => o with { Confinement = confinement });
        await kernel.RunAsync(async k =>
        {
            (World world, int output) = await StartAsync(kernel, k, new SpawnRequest(kernel.Process(TestProgram), ["world", "wait"]) { ResourceGroup = ResourceTree.User });
            await ReadLineAsync(k, output);
            ConfinedWorld confined = Assert.Single(confinement.Worlds);
            Assert.Equal((world.Id, ResourceTree.User), (confined.WorldId, confined.Group.Path));
            await k.KillAsync(world.Id, Signal.SIGKILL);
            await k.WaitpidAsync(world.Id);
            Assert.Empty(confinement.Worlds);
            Assert.True(world.PeakMemory > 1 << 20, $"{world.PeakMemory} bytes");
            Assert.True(world.CpuTime > TimeSpan.Zero);
        });
    }

    [Fact]
    public async Task A_program_that_is_not_there_ends_as_a_crash()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        string path = kernel.Process(new ProcessProgram("/nonexistent/program", []));
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(path, ["world"]));

        // The shell tells so with 127.
        Assert.Equal(127, (await world.Completion.WaitAsync(s_limit)).ExitCode);
    }

    [Fact]
    public async Task One_that_does_not_speak_the_protocol_is_killed()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        string path = kernel.Process(new ProcessProgram("/bin/sh", ["-c", "printf 'GET / HTTP/1.0' >&3; sleep 600"]));
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(path, ["world"]));
        Assert.Equal(WaitStatus.Signaled(9), await world.Completion.WaitAsync(s_limit));
    }

    private static async Task<string> OutputAsync(string what)
    {
        await using TestKernel kernel = await TestKernel.StartAsync(static o => o with { Memory = new WorldMemory(new PageBudget(4 << 20)) });
        string output = string.Empty;
        await kernel.RunAsync(async k =>
            (_, output) = await RunAsync(kernel, k, new SpawnRequest(kernel.Process(TestProgram), ["world", what])));
        return output;
    }

    private static async Task<(World World, int Output)> StartAsync(TestKernel kernel, ISystemCalls k, string what) =>
        await StartAsync(kernel, k, new SpawnRequest(kernel.Process(TestProgram), ["world", what]));

    private static async Task<(World World, int Output)> StartAsync(TestKernel kernel, ISystemCalls k, SpawnRequest request)
    {
        DescriptorPair pipe = await k.PipeAsync(OpenFlags.O_CLOEXEC);
        int child = await k.SpawnAsync(request with
        {
            FileActions = [SpawnFileAction.Dup2(pipe.Write, 1), SpawnFileAction.Dup2(pipe.Write, 2)],
        });
        await k.CloseAsync(pipe.Write);
        return (kernel.Table.Find(child)!, pipe.Read);
    }

    private static async Task<(World World, string Output)> RunAsync(TestKernel kernel, ISystemCalls k, SpawnRequest request)
    {
        (World world, int output) = await StartAsync(kernel, k, request);
        var text = new StringBuilder();
        for (string part; (part = await ReadLineAsync(k, output)).Length > 0;)
        {
            text.Append(part);
        }

        WaitStatus status = (await k.WaitpidAsync(world.Id)).Status;
        Assert.True(status == WaitStatus.Exited(0), $"{status}: {text}");
        return (world, text.ToString());
    }

    private static async Task<string> ReadLineAsync(ISystemCalls k, int descriptor)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await k.ReadAsync(descriptor, one) == 1)
        {
            line.Add(one[0]);
            if (one[0] == '\n')
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(line.ToArray());
    }

    private static char HostState(World world)
    {
        string text = File.ReadAllText($"/proc/{world.HostProcessId}/stat");
        return text[text.LastIndexOf(')') + 2];
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen(string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeClose(int descriptor);
}
