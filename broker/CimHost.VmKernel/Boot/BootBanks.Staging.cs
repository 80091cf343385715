using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Boot;

/// <summary>Upgrades, and what is said in the log.</summary>
public sealed partial class BootBanks
{
    /// <summary>
    /// Writes an image into the bank that the host does not run from; the next boot tries it (bootstate 1, updated + 1). Until it is whole,
    /// that bank is invalid and the running one boots. The copying runs on a thread of its own.
    /// </summary>
    /// <param name="build">Version of the image, one line.</param>
    /// <param name="modules">Its modules in the order in which they are unpacked.</param>
    /// <param name="kernelOptions">Options for the kernel; null keeps those of the running bank.</param>
    /// <param name="cancellationToken">Gives up between two modules; the other bank has no image then.</param>
    /// <returns>The bank as written.</returns>
    /// <exception cref="BootException">The running bank is not valid, so that the other one is what the host falls back to; or a module cannot be used.</exception>
    /// <exception cref="IOException">A file cannot be read or written; the other bank has no image then.</exception>
    public Task<BootBank> StageUpgradeAsync(string build, IReadOnlyList<StagedModule> modules, string? kernelOptions = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(build);
        string[] wrong = [.. modules.Select(module => module.Name).Where(name => !BootConfigurationReader.IsModuleName(name) || IsOwnName(name))];
        if (wrong.Length > 0 || modules.DistinctBy(module => module.Name).Count() != modules.Count || modules.Count > BootConfiguration.MaxModules)
        {
            throw new BootException($"The names of an image's modules are at most {BootConfiguration.MaxModules}, all different and names of files in a bank{(wrong.Length > 0 ? $"; {string.Join(", ", wrong)} is none" : string.Empty)}.");
        }

        return Task.Factory.StartNew(() => Stage(build, modules, kernelOptions, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static bool IsOwnName(string name) =>
        name == ConfigurationFileName
        || name.StartsWith(State.StateArchive.FileName, StringComparison.Ordinal)
        || name.EndsWith(DurableDirectory.TemporarySuffix, StringComparison.Ordinal);

    private BootBank Stage(string build, IReadOnlyList<StagedModule> modules, string? kernelOptions, CancellationToken cancellationToken)
    {
        using IDisposable alone = _processes.Hold();
        (BootBank current, BootBankFolder target) = BeginStaging();
        try
        {
            foreach (StagedModule module in modules)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Copy(module.Name, module.SourceFile);
            }

            target.DeleteAllBut(modules.Select(module => module.Name).ToHashSet(StringComparer.Ordinal));
            var configuration = current.Configuration! with
            {
                Build = build,
                Updated = NextUpdated([current, target.Inspect(withModules: false)]),
                State = BootState.Invalid,
                Modules = [.. modules.Select(module => module.Name)],
                KernelOptions = kernelOptions ?? current.Configuration.KernelOptions,
            };

            // Verified while it is still invalid: an archive that cannot be read never becomes a bank that boots.
            target.Write(configuration);
            string[] problems = [.. target.Inspect(withModules: true).ModuleFiles.Select(file => new Archives.ModuleArchive(file).Verify()).OfType<string>()];
            if (problems.Length > 0)
            {
                throw new BootException($"Bank {target.Number} has no image now, as a module of the upgrade cannot be used: {string.Join("; ", problems)}.");
            }

            target.Write(configuration with { State = BootState.Upgrading });
            LogStaged(target.Number, build, configuration.Updated);
            return target.Inspect(withModules: false);
        }
        finally
        {
            lock (_lock)
            {
                _staging = false;
            }
        }
    }

    private (BootBank Current, BootBankFolder Target) BeginStaging()
    {
        lock (_lock)
        {
            RefuseWhileStaging();
            BootBank current = _booted is { } booted ? Folder(booted.Number).Inspect(withModules: true) : Choose();
            if (!current.IsValid)
            {
                throw new BootException($"Bank {current.Number} is not valid ({Describe(current)}), so that the host may need the other bank; an upgrade would overwrite it. Start the host once until it is ready.");
            }

            BootBankFolder target = Other(current.Number);
            target.Create();

            // From here on the target holds parts of two images. The number stays, so that "updated" only grows.
            target.Write(new BootConfiguration { State = BootState.Invalid, Updated = target.Inspect(withModules: false).Updated });
            _staging = true;
            return (current, target);
        }
    }

    private static string Describe(BootBank bank) =>
        bank.Problems.IsEmpty ? $"bootstate {(int)bank.Configuration!.State}" : string.Join("; ", bank.Problems);

    [LoggerMessage(4501, LogLevel.Information, "First start: boot bank {Directory} made with build {Build}.")]
    private partial void LogCreated(string directory, string build);

    [LoggerMessage(4502, LogLevel.Information, "Booted from bank {Bank}, build {Build}, updated {Updated}.")]
    private partial void LogBooted(int bank, string build, int updated);

    [LoggerMessage(4503, LogLevel.Warning, "Bank {Bank} with build {Build} is on trial: this is its {Attempt} attempt to reach ready.")]
    private partial void LogOnTrial(int bank, string build, string attempt);

    [LoggerMessage(4504, LogLevel.Information, "Bank {Bank} with build {Build} has reached ready and is valid.")]
    private partial void LogConfirmed(int bank, string build);

    [LoggerMessage(4505, LogLevel.Warning, "Bank {Bank} has reached ready but is not marked valid: its boot.cfg was changed since the boot.")]
    private partial void LogNotConfirmed(int bank);

    [LoggerMessage(4506, LogLevel.Warning, "Bank {Bank} is passed over: {Problems}")]
    private partial void LogSkipped(int bank, string problems);

    [LoggerMessage(4507, LogLevel.Information, "Bank {Bank} boots next; bank {Left} is marked invalid.")]
    private partial void LogSelected(int bank, int left);

    [LoggerMessage(4508, LogLevel.Information, "Bank {Bank} is reset to build {Build} without modules.")]
    private partial void LogReset(int bank, string build);

    [LoggerMessage(4509, LogLevel.Information, "Bank {Bank} holds the upgrade to build {Build}, updated {Updated}; the next boot tries it.")]
    private partial void LogStaged(int bank, string build, int updated);
}
