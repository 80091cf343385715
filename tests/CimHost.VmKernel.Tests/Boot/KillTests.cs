using System.Diagnostics;
using System.Globalization;
using CimHost.VmKernel.Boot;
using CimHost.VmKernel.Boot.State;
using CimHost.VmKernel.Crasher;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Abstractions;

namespace CimHost.VmKernel.Tests.Boot;

/// <summary>
/// A host that changes its configuration and stages upgrades is killed (SIGKILL) again and again. <c>CIMHOST_KILLS</c> says how often
/// (25), <c>CIMHOST_KILL_SEED</c> repeats a run as far as a scheduler lets it.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-kill-").FullName;
    private readonly int[] _acknowledged = new int[NumberedFile.Files];
    private int _changes;
    private int _upgrades;
    private string? _staged;

    private string StateDirectory => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Killed_at_any_moment_every_acknowledged_change_is_there_and_nothing_is_half_written()
    {
        int kills = Setting("CIMHOST_KILLS", 25);
        int seed = Setting("CIMHOST_KILL_SEED", Random.Shared.Next());
        var random = new Random(seed);
        string module = Path.Combine(_folder, "module.tgz");
        File.WriteAllBytes(module, new TarBytes().Add("etc/issue", content: "hello").End());
        for (int kill = 1; kill <= kills; kill++)
        {
            // Most of them in the middle of the changes, some of them while it boots.
            int acknowledgements = random.Next(4) == 0 ? -1 : random.Next(60);
            TimeSpan then = TimeSpan.FromMicroseconds(random.Next(acknowledgements < 0 ? 400_000 : 20_000));
            await RunAndKillAsync(module, acknowledgements, then);
            try
            {
                Check();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Kill {kill}, CIMHOST_KILL_SEED={seed}: {e.Message}", e);
            }
        }

        output.WriteLine($"{kills} kills, seed {seed}: {_changes} changes and {_upgrades} upgrades acknowledged");
        Assert.True(_changes > kills);
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;

    private async Task RunAndKillAsync(string module, int acknowledgements, TimeSpan then)
    {
        string dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(dotnet, ["exec", typeof(CrashingHost).Assembly.Location, StateDirectory, module])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = new CancellationTokenSource(s_longest);
        using Process host = Process.Start(start)!;
        Task<string> errors = host.StandardError.ReadToEndAsync(limit.Token);
        int seen = 0;
        while (seen < acknowledgements && await host.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            seen += Take(line) ? 1 : 0;
        }

        await Task.Delay(then, limit.Token);
        host.Kill();
        while (await host.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            Take(line);
        }

        await host.WaitForExitAsync(limit.Token);
        Assert.Equal(string.Empty, await errors);
        Assert.Equal(128 + 9, host.ExitCode);
    }

    // Whether something was acknowledged.
    private bool Take(string line)
    {
        string[] words = line.Split(' ');
        switch (words[0])
        {
            case "loaded":
                Assert.True(Number(words[2]) >= _acknowledged[Number(words[1])], $"after the boot, file {words[1]} is at {words[2]}, acknowledged was {_acknowledged[Number(words[1])]}");
                return false;
            case "changed":
                _acknowledged[Number(words[1])] = Number(words[2]);
                _changes++;
                return true;
            case "staging":
            case "booted":
                _staged = null;
                return false;
            case "staged":
                _staged = words[1];
                _upgrades++;
                return true;
            default:
                return false;
        }
    }

    private void Check()
    {
        if (!Directory.Exists(StateDirectory))
        {
            return;
        }

        BootBanks banks = BootBanks.Open(StateDirectory, CrashingHost.Build, NullLogger.Instance);
        BootBank next = banks.Next();
        if (_staged is not null)
        {
            Assert.Equal(_staged, next.Configuration!.Build);
        }

        // The first boot of an upgrade takes the state of the other bank.
        BootBank bank = next.Configuration!.State == BootState.Upgrading ? banks.Inspect()[2 - next.Number] : next;
        LoadedState loaded = new StateStore(bank.Directory, () => [], TimeProvider.System, NullLogger.Instance).Load();
        Assert.Null(loaded.Warning);
        for (int file = 0; file < NumberedFile.Files; file++)
        {
            int number = NumberedFile.Number(file, loaded.Entries);
            Assert.True(number >= _acknowledged[file], $"file {file} is at {number}, acknowledged was {_acknowledged[file]}");
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
