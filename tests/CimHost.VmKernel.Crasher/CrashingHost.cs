using System.Globalization;
using CimHost.VmKernel.Boot;
using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.Boot.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.VmKernel.Crasher;

/// <summary>
/// Lines on the output: <c>booted BUILD</c>, <c>loaded FILE NUMBER</c> for each file, <c>ready</c>; then without end <c>changed FILE NUMBER</c>
/// when a change is durable, <c>staging BUILD</c> and <c>staged BUILD</c> around an upgrade.
/// </summary>
public sealed class CrashingHost(string stateDirectory, string module)
{
    private readonly int[] _numbers = new int[NumberedFile.Files];
    private readonly Lock _output = new();
    private readonly Stream _stdout = Console.OpenStandardOutput();

    /// <summary>Version of the host's own image.</summary>
    public const string Build = "0";

    /// <summary>Runs until it is killed.</summary>
    public async Task RunAsync()
    {
        BootBanks banks = BootBanks.Open(stateDirectory, Build, NullLogger.Instance);
        BootBank bank = banks.Boot();
        var store = new StateStore(bank.Directory, Snapshot, TimeProvider.System, NullLogger.Instance);
        LoadedState loaded = store.Load();
        Say($"booted {bank.Configuration!.Build}");
        for (int file = 0; file < NumberedFile.Files; file++)
        {
            _numbers[file] = NumberedFile.Number(file, loaded.Entries);
            Say($"loaded {file} {_numbers[file]}");
        }

        banks.Confirm();
        Say("ready");
        await Task.WhenAll([StageAsync(banks), .. Enumerable.Range(0, NumberedFile.Files).Select(file => ChangeAsync(store, file))]);
    }

    private async Task ChangeAsync(StateStore store, int file)
    {
        while (true)
        {
            int number = Interlocked.Increment(ref _numbers[file]);
            await store.CommitAsync();
            Say($"changed {file} {number}");
        }
    }

    private async Task StageAsync(BootBanks banks)
    {
        while (true)
        {
            int build = 1 + banks.Inspect(withModules: false).Max(bank => int.Parse("0" + bank.Configuration!.Build, CultureInfo.InvariantCulture));
            Say($"staging {build}");
            await banks.StageUpgradeAsync($"{build}", [new StagedModule("a.v00", module)]);
            Say($"staged {build}");
            await Task.Delay(20);
        }
    }

    private ArchiveEntry[] Snapshot() =>
    [
        new("etc", ArchiveEntryType.Directory, 493, 0, 0, DateTimeOffset.UnixEpoch),
        .. Enumerable.Range(0, NumberedFile.Files).Select(file => NumberedFile.Entry(file, Volatile.Read(ref _numbers[file]))),
    ];

    // One write for a line: what a pipe has taken in is read even after the writer was killed.
    private void Say(string line)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(line + "\n");
        lock (_output)
        {
            _stdout.Write(bytes);
            _stdout.Flush();
        }
    }
}
