using System.Globalization;
using System.Text.Json;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Boot banks and the configuration that they keep, with the real process.</summary>
public sealed class BootTests : IDisposable
{
    private const string UserPassword = "battery-Staple-9x";

    private readonly TemporaryDirectory _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task An_image_that_fails_to_reach_ready_twice_is_left_for_the_other_bank()
    {
        await StartAndStopAsync();
        await WriteBankAsync(2, "9.9.9", 2, bootState: 1);
        await FailToStartAsync();
        Assert.Equal("Dirty", await StateAsync(2));
        await FailToStartAsync();
        Assert.Equal("Invalid", await StateAsync(2));
        Assert.Contains("Booted from bank 1", await StartAndStopAsync(), StringComparison.Ordinal);
        Assert.Equal("Valid", await StateAsync(1));
    }

    [Fact]
    public async Task An_image_that_reaches_ready_is_valid_and_has_the_configuration_of_the_one_before()
    {
        await StartAndStopAsync(async host => await AddUserAsync("carried"));
        await WriteBankAsync(2, "9.9.9", 2, bootState: 1);
        await StartAndStopAsync(async host => Assert.Contains("carried", (await host.ClientAsync("user", "list", "--json")).Succeeded().Output, StringComparison.Ordinal));
        Assert.Equal("Valid", await StateAsync(2));
        Assert.Equal(2, await NextAsync());
    }

    [Fact]
    public async Task The_other_bank_is_chosen_by_hand_and_rolled_back_to()
    {
        await StartAndStopAsync();
        await WriteBankAsync(2, "9.9.9", 2, bootState: 0);
        Assert.Equal(2, await NextAsync());
        await BootAsync("boot", "--bank", "1");
        Assert.Equal(1, await NextAsync());

        ToolRun refused = await RunAsync("system", "boot", "rollback");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("two that can be booted", refused.Error, StringComparison.Ordinal);

        await WriteBankAsync(2, "9.9.9", 3, bootState: 0);
        await BootAsync("system", "boot", "rollback");
        Assert.Equal(1, await NextAsync());
    }

    [Fact]
    public async Task With_both_banks_damaged_it_says_what_to_do_and_doing_it_helps()
    {
        await StartAndStopAsync(async host => await AddUserAsync("kept"));
        await File.WriteAllTextAsync(BankFile(1, "boot.cfg"), "bootstate=banana\n");
        File.Delete(BankFile(2, "boot.cfg"));
        ToolRun start = await RunAsync("serve", $"--StateDirectory={_state.FullName}", "--Endpoints:CimXmlHttp=", "--Endpoints:CimXmlHttps=", "--Endpoints:Snmp=", "--Endpoints:Https=");
        Assert.Equal(1, start.ExitCode);
        Assert.Contains("Neither boot bank can be booted", start.Error, StringComparison.Ordinal);
        Assert.Contains(BankFile(1, "boot.cfg"), start.Error, StringComparison.Ordinal);

        await BootAsync("boot", "--reset", "1");
        await StartAndStopAsync(async host => Assert.Contains("kept", (await host.ClientAsync("user", "list", "--json")).Succeeded().Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_truncated_state_the_one_before_is_used_and_it_says_so()
    {
        await StartAndStopAsync(async host =>
        {
            await AddUserAsync("first");
            await AddUserAsync("second");
        });
        string state = BankFile(1, "state.tgz");
        byte[] whole = await File.ReadAllBytesAsync(state);
        await File.WriteAllBytesAsync(state, whole[..(whole.Length / 2)]);
        string log = await StartAndStopAsync(async host => Assert.Contains("first", (await host.ClientAsync("user", "list", "--json")).Succeeded().Output, StringComparison.Ordinal));
        Assert.Contains("The state before it", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_modules_of_the_booted_bank_are_in_the_tree_and_gone_after_going_back()
    {
        await StartAndStopAsync();
        await WriteBankAsync(2, "9.9.9", 2, bootState: 1, "base.v00", "patch.v00");
        await WriteModuleAsync(2, "base.v00", ("usr/lib/x", "x"), ("etc/init.d/script", "#!/bin/sh"), ("tmp/a", "base"), ("tmp/b", "base"));
        await WriteModuleAsync(2, "patch.v00", ("tmp/b", "patch"));
        string log = await StartAndStopAsync(async host =>
        {
            Assert.Equal(("200 base", "200 patch"), (await GetAsync(host, "/tmp/a"), await GetAsync(host, "/tmp/b")));
            await AddUserAsync("late");
        });
        Assert.Contains("base.v00 is unpacked: 4 files", log, StringComparison.Ordinal);

        // What a module brings is not a part of the saved configuration.
        string state = await UnpackedStateAsync(2);
        Assert.Contains("etc/shadow", state, StringComparison.Ordinal);
        Assert.DoesNotContain("etc/init.d/script", state, StringComparison.Ordinal);

        await BootAsync("system", "boot", "rollback");
        await StartAndStopAsync(async host => Assert.StartsWith("404", await GetAsync(host, "/tmp/a"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_of_a_module_run_as_process_worlds_and_one_that_leaks_or_is_killed_is_started_again()
    {
        await StartAndStopAsync();

        // tail keeps what it has read until a line ends, and /dev/zero has no lines.
        await VendorModule.InstallAsync(
            _state.FullName,
            new VendorService("leaker", "/usr/bin/tail", "/dev/zero", StartsWithHost: true, "48M"),
            new VendorService("spinner", "/usr/bin/sha256sum", "/dev/zero", StartsWithHost: true),
            new VendorService("idle", "/usr/bin/sleep", "infinity", StartsWithHost: false));
        string log = await StartAndStopAsync(async host =>
        {
            await Eventually.HoldsAsync(() => host.Log.Split("Service leaker has crashed: it exited with status 1").Length > 2, "the leaking world ends at its limit and is started again");
            JsonElement spinner = await WorldAsync(host, "spinner");
            Assert.Equal("host/vim/plugins/spinner", spinner.GetProperty("group").GetString());
            await Eventually.HoldsAsync(async () => (await WorldAsync(host, "spinner")).GetProperty("usage").GetProperty("cpu").GetInt64(), cpu => cpu > 100_000, "the spinning world is charged its processor time");
            (await RunAsync("kill", spinner.GetProperty("worldId").ToString(), "--signal", "KILL")).Succeeded();
            await Eventually.HoldsAsync(() => host.Log.Contains("Service spinner has crashed: it was ended by SIGKILL", StringComparison.Ordinal), "the killed world is named");
            await Eventually.HoldsAsync(async () => (await ServiceAsync("spinner")).GetProperty("state").GetString(), s => s == "Running", "it is started again");
            Assert.Equal("Stopped", (await ServiceAsync("idle")).GetProperty("state").GetString());
            (await RunAsync("service", "start", "idle")).Succeeded();
            (await RunAsync("service", "stop", "idle")).Succeeded();
        });
        Assert.Contains("memory exhausted", log, StringComparison.Ordinal);
        string crash = log.Split('\n').First(l => l.Contains("Service leaker has crashed", StringComparison.Ordinal));
        long peak = long.Parse(crash.Split("at most ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(peak, 1 << 20, 64 << 20);
    }

    [Fact]
    public async Task A_bank_whose_modules_cannot_be_unpacked_is_passed_over_with_the_reason()
    {
        await StartAndStopAsync();
        await WriteBankAsync(2, "9.9.9", 2, bootState: 1, "base.v00");
        await WriteModuleAsync(2, "base.v00", ("proc/forged", "x"));
        string log = await StartAndStopAsync();
        Assert.Contains("Bank 2 is passed over", log, StringComparison.Ordinal);
        Assert.Contains("/proc/forged is the kernel's own", log, StringComparison.Ordinal);
        Assert.Contains("Booted from bank 1", log, StringComparison.Ordinal);
        Assert.Equal("Dirty", await StateAsync(2));
        await StartAndStopAsync();
        Assert.Equal("Invalid", await StateAsync(2));
    }

    [Fact]
    public async Task A_running_host_goes_on_while_the_next_bank_is_chosen()
    {
        await StartAndStopAsync();
        await WriteBankAsync(2, "9.9.9", 2, bootState: 0);
        await StartAndStopAsync(async host =>
        {
            ToolRun chosen = (await RunAsync("boot", "--bank", "1", "--json")).Succeeded();
            Assert.Contains("the host is running and goes on", chosen.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("running", (await RunAsync("boot")).Succeeded().Error, StringComparison.Ordinal);
            ToolRun reset = (await RunAsync("boot", "--reset", "2")).Succeeded();
            Assert.Contains("the host is running and goes on", reset.Error, StringComparison.Ordinal);
            Assert.Contains("the host is running and goes on", (await RunAsync("system", "boot", "rollback")).Succeeded().Error, StringComparison.Ordinal);
            await AddUserAsync("meanwhile");
        });
        Assert.DoesNotContain("running", (await RunAsync("boot", "--reset", "2")).Succeeded().Error, StringComparison.Ordinal);

        // What the running host wrote into its bank is there: resetting the bank keeps the state.
        await StartAndStopAsync(async host => Assert.Contains("meanwhile", await UsersAsync(host)));
    }

    [Fact]
    public async Task An_upgrade_that_hangs_in_its_start_ends_and_is_left_after_the_second_time()
    {
        await StartAndStopAsync();
        await WriteBankAsync(2, "9.9.9", 2, bootState: 1);
        await HangInStartAsync();
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            ToolRun run = await RunAsync("serve", $"--StateDirectory={_state.FullName}", "--Endpoints:CimXmlHttp=", "--Endpoints:CimXmlHttps=", "--Endpoints:Snmp=", "--Endpoints:Https=127.0.0.1:0", "--Kernel:BootSeconds=2");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("cimhost cannot start: the upgrade on trial in boot bank 2 (build 9.9.9) was not ready within 2 s", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal("Invalid", await StateAsync(2));

        // Without an upgrade on trial it is given the time that it needs.
        InvalidOperationException notReady = await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(
            new HostSettings { StateDirectory = _state.FullName, Arguments = ["--Kernel:BootSeconds=1"], ReadyWithin = TimeSpan.FromSeconds(10) }));
        Assert.Contains("Booted from bank 1", notReady.Message, StringComparison.Ordinal);
        Assert.Contains("The start takes longer than 1 s", notReady.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ended before it was ready", notReady.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_state.FullName, "tls", "cert.pem"));
        Assert.Contains("Booted from bank 1", await StartAndStopAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_9_does_not_end_a_lock_out()
    {
        await using (HostProcess host = await StartAsync())
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.StartsWith("401", await GetAsync(host, "/tmp", "wrong"), StringComparison.Ordinal);
            }

            await host.KillAsync();
        }

        await using HostProcess again = await StartAsync();
        Assert.StartsWith("401", await GetAsync(again, "/tmp"), StringComparison.Ordinal);
        (await again.ClientAsync("user", "unlock", "root")).Succeeded();
        Assert.StartsWith("200", await GetAsync(again, "/tmp"), StringComparison.Ordinal);
    }

    // 5 rounds here; CIMHOST_KILLS=200 for the long run.
    [Fact]
    public async Task After_kill_9_at_any_moment_every_acknowledged_change_is_there()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("CIMHOST_KILLS"), CultureInfo.InvariantCulture, out int asked) ? asked : 5;
        var random = new Random(20261126);
        List<string> acknowledged = [];
        for (int round = 0; round < kills; round++)
        {
            await using HostProcess host = await StartAsync();
            string[] users = await UsersAsync(host);
            Assert.All(acknowledged, name => Assert.Contains(name, users));
            Task killed = Task.Delay(random.Next(0, 400)).ContinueWith(_ => host.KillAsync(), TaskScheduler.Default).Unwrap();
            for (int i = 0; ; i++)
            {
                string name = $"u{round}-{i}";
                if ((await AddAsync(name)).ExitCode != 0)
                {
                    break;
                }

                acknowledged.Add(name);
            }

            await killed;
        }

        await using HostProcess last = await StartAsync();
        string[] found = await UsersAsync(last);
        Assert.All(acknowledged, name => Assert.Contains(name, found));
    }

    private async Task<string> StartAndStopAsync(Func<HostProcess, Task>? act = null)
    {
        await using HostProcess host = await StartAsync();
        if (act is not null)
        {
            await act(host);
        }

        Assert.Equal(0, await host.StopAsync());
        return host.Log;
    }

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync(new HostSettings { StateDirectory = _state.FullName });

    // An address of another computer: everything works but to listen.
    private async Task FailToStartAsync()
    {
        ToolRun run = await RunAsync("serve", $"--StateDirectory={_state.FullName}", "--Endpoints:CimXmlHttp=203.0.113.5:15988", "--Endpoints:CimXmlHttps=", "--Endpoints:Snmp=", "--Endpoints:Https=");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("this computer does not have that address", run.Error, StringComparison.Ordinal);
    }

    private async Task WriteBankAsync(int bank, string build, int updated, int bootState, params string[] modules) => await File.WriteAllTextAsync(
        BankFile(bank, "boot.cfg"),
        string.Create(CultureInfo.InvariantCulture, $"build={build}\nupdated={updated}\nbootstate={bootState}\ntitle=test\nkernelopt=\nmodules={string.Join(" --- ", modules)}\n"));

    // The certificate is a FIFO that nobody writes into.
    private async Task HangInStartAsync()
    {
        string certificate = Path.Combine(_state.FullName, "tls", "cert.pem");
        File.Delete(certificate);
        (await Tool.RunAsync("mkfifo", certificate)).Succeeded();
    }

    // As an author of a package makes it, with tar.
    private async Task WriteModuleAsync(int bank, string name, params (string Path, string Content)[] files)
    {
        using var folder = new TemporaryDirectory();
        foreach ((string path, string content) in files)
        {
            string file = Path.Combine(folder.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content);
        }

        (await Tool.RunAsync("tar", ["-C", folder.FullName, "-czf", BankFile(bank, name), .. files.Select(f => f.Path)])).Succeeded();
    }

    private async Task<string> UnpackedStateAsync(int bank) =>
        (await Tool.RunAsync("sh", "-c", $"tar -xOzf '{BankFile(bank, "state.tgz")}' local.tgz | tar -tz")).Succeeded().Output;

    private static async Task<string> GetAsync(HostProcess host, string path, string password = HostSettings.Password)
    {
        ToolRun run = await Tool.RunAsync("curl", "-s", "-k", "-u", $"root:{password}", "-w", "\n%{http_code}", $"https://127.0.0.1:{host.ManagementPort}{path}");
        int end = run.Succeeded().Output.LastIndexOf('\n');
        return $"{run.Output[(end + 1)..]} {run.Output[..end]}";
    }

    private string BankFile(int bank, string name) => Path.Combine(_state.FullName, $"bootbank{bank}", name);

    private Task<ToolRun> RunAsync(params string[] arguments) => HostProcess.RunAsync(
        new Dictionary<string, string?> { ["CIMHOST_StateDirectory"] = _state.FullName, ["CIMHOST_NEW_PASSWORD"] = UserPassword }, arguments);

    private async Task BootAsync(params string[] arguments) => (await RunAsync(arguments)).Succeeded();

    private async Task AddUserAsync(string name) => (await AddAsync(name)).Succeeded();

    private Task<ToolRun> AddAsync(string name) => RunAsync("user", "add", name);

    private static async Task<string[]> UsersAsync(HostProcess host)
    {
        using JsonDocument users = JsonDocument.Parse((await host.ClientAsync("user", "list", "--json")).Succeeded().Output);
        return [.. users.RootElement.EnumerateArray().Select(u => u.GetProperty("name").GetString()!)];
    }

    private static async Task<JsonElement> WorldAsync(HostProcess host, string name) => JsonDocument.Parse((await host.ClientAsync("top", "-n", "1", "-d", "0.1", "--json")).Succeeded().Output)
        .RootElement.GetProperty("worlds").EnumerateArray().Single(w => w.GetProperty("name").GetString() == name);

    private async Task<JsonElement> ServiceAsync(string name) => JsonDocument.Parse((await RunAsync("service", "list", "--json")).Succeeded().Output)
        .RootElement.EnumerateArray().Single(s => s.GetProperty("name").GetString() == name);

    private async Task<string?> StateAsync(int bank) => (await BanksAsync()).RootElement.EnumerateArray().Single(b => b.GetProperty("bank").GetInt32() == bank).GetProperty("state").GetString();

    private async Task<int> NextAsync() => (await BanksAsync()).RootElement.EnumerateArray().Single(b => b.GetProperty("next").GetBoolean()).GetProperty("bank").GetInt32();

    private async Task<JsonDocument> BanksAsync() => JsonDocument.Parse((await RunAsync("boot", "--json")).Succeeded().Output);
}
