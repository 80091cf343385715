using System.Security.Cryptography;
using System.Text;
using CimHost.Configuration;
using CimHost.VmKernel;
using CimHost.VmKernel.Boot;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.Hosting;

/// <summary>The kernel emulator as this host runs it: the file system with its ramdisks, datastores and swap file, as configured.</summary>
internal sealed partial class HostKernel : IAsyncDisposable
{
    private const long MiB = 1 << 20;

    private readonly BootBanks _banks;
    private readonly BootTimeLimit _limit;

    private HostKernel(BootBanks banks, BootTimeLimit limit, EtcState etc, HostLayout layout, KernelLog log)
    {
        _banks = banks;
        _limit = limit;
        Etc = etc;
        Layout = layout;
        Log = log;
    }

    /// <summary>/etc as the boot bank keeps it.</summary>
    public EtcState Etc { get; }

    /// <summary>Directories, ramdisks, datastores.</summary>
    public HostLayout Layout { get; }

    /// <summary>The tree of files.</summary>
    public Vfs Files => Layout.Vfs;

    /// <summary>The host's log as a file of the tree.</summary>
    public KernelLog Log { get; }

    /// <summary>Chooses a boot bank and brings the kernel up from it.</summary>
    /// <exception cref="NoBootableBankException">Neither bank can be booted.</exception>
    /// <exception cref="ConfigurationException">A datastore or the scratch location cannot be used.</exception>
    public static async Task<HostKernel> OpenAsync(CimHostOptions options, StateDirectory state, string hostName, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger logger = loggers.CreateLogger("CimHost.Kernel");
        BootBanks banks = BootBanks.Open(state.Path, HostVersion.Text, logger);
        var limit = new BootTimeLimit(TimeSpan.FromSeconds(options.Kernel.BootSeconds), () => NotReadyInTime(banks, options.Kernel.BootSeconds, logger));
        (EtcState etc, HostLayout layout) = await LoadAsync(banks, () => NewBudget(options, state, hostName, logger), logger, cancellationToken);
        foreach (BootBank bank in banks.Inspect(withModules: false))
        {
            // A bank may be without a directory when somebody removed it; the host runs from the other one.
            if (Directory.Exists(bank.Directory))
            {
                await layout.AddBootBankAsync(
                    Uuid(bank.Directory), $"BOOTBANK{bank.Number}", bank.Directory, bank.Number == banks.Booted.Number ? "/bootbank" : "/altbootbank", cancellationToken);
            }
        }

        foreach (DatastoreSettings datastore in options.Datastores)
        {
            await AddDatastoreAsync(layout, datastore, cancellationToken);
        }

        if (layout.IsDiskless)
        {
            Diskless(logger);
        }

        var log = new KernelLog(layout.Vfs);
        loggers.AddProvider(log);
        return new HostKernel(banks, limit, etc, layout, log);
    }

    /// <summary>The host is ready: the image that it booted from has proven itself.</summary>
    public void Confirm()
    {
        _limit.Dispose();
        _banks.Confirm();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _limit.Dispose();
        await Etc.DisposeAsync();
        await Log.DisposeAsync();
        Layout.Budget.Swap?.Dispose();
    }

    // The image and the configuration of a bank, into memory. An image that cannot be unpacked is left for that of the other bank.
    private static async Task<(EtcState Etc, HostLayout Layout)> LoadAsync(BootBanks banks, Func<PageBudget> newBudget, ILogger logger, CancellationToken cancellationToken)
    {
        while (true)
        {
            BootBank bank = banks.Boot();
            PageBudget budget = newBudget();
            try
            {
                EtcState etc = EtcState.Open(bank.Directory, logger);
                HostLayout layout = await HostLayout.CreateAsync(budget, etc, cancellationToken);
                await new ImageModules(layout, logger).UnpackAsync(bank.ModuleFiles, cancellationToken);
                await etc.RestoreAsync(layout.Etc, cancellationToken);
                return (etc, layout);
            }
            catch (Exception e) when (e is InvalidDataException or KernelException)
            {
                budget.Swap?.Dispose();
                banks.PassOver(e is KernelException ? $"the configuration saved in {bank.Directory} cannot be put into /etc: {e.Message}" : e.Message);
            }
        }
    }

    private static PageBudget NewBudget(CimHostOptions options, StateDirectory state, string hostName, ILogger logger)
    {
        var budget = new PageBudget(options.Kernel.RamdiskMegabytes * MiB);
        AttachSwap(budget, options, state, hostName, logger);
        return budget;
    }

    // An image on trial that hangs would neither prove itself nor fail. What is on disk is whole at any instant, so that the process may just end.
    private static void NotReadyInTime(BootBanks banks, int seconds, ILogger logger)
    {
        if (!banks.IsOnTrial)
        {
            StartsSlowly(logger, seconds);
            return;
        }

        Console.Error.WriteLine($"cimhost cannot start: the upgrade on trial in boot bank {banks.Booted.Number} (build {banks.Booted.Configuration?.Build}) was not ready within {seconds} s (Kernel:BootSeconds).");
        Environment.Exit(Serve.Failed);
    }

    private static void AttachSwap(PageBudget budget, CimHostOptions options, StateDirectory state, string hostName, ILogger logger)
    {
        try
        {
            SwapLocation location = SwapLocation.Choose(
                options.Kernel.LocalDisk ? state.File("scratch") : null, options.ScratchConfig.ConfiguredScratchLocation, hostName);
            if (location.Directory is null)
            {
                NoSwap(logger, location.Reason);
                return;
            }

            budget.AttachSwap(SwapFile.Open(location.Directory));
            Swap(logger, budget.Swap!.Path, budget.Swap.Size / MiB, location.Reason);
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException)
        {
            // Without swap the ramdisks are smaller; a monitor that does not start would be worse.
            NoSwap(logger, e.Message);
        }
    }

    private static async Task AddDatastoreAsync(HostLayout layout, DatastoreSettings datastore, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(datastore.Path);
        try
        {
            await layout.AddDatastoreAsync(Uuid(path), datastore.Name, path, cancellationToken);
        }
        catch (KernelException e)
        {
            throw new ConfigurationException($"Datastores: '{datastore.Name}' ({path}) cannot be used: {e.Message}");
        }
    }

    // The same directory is the same datastore at every start. The form is that of VMFS: 8-8-4-12 hexadecimal digits.
    private static string Uuid(string path)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
        return $"{hash[..8]}-{hash[8..16]}-{hash[16..20]}-{hash[20..32]}";
    }

    [LoggerMessage(1021, LogLevel.Information, "Swap file of the user worlds: {Path}, {Megabytes} MiB ({Reason})")]
    private static partial void Swap(ILogger logger, string path, long megabytes, string reason);

    [LoggerMessage(1022, LogLevel.Warning, "The user worlds have no swap file: {Reason}")]
    private static partial void NoSwap(ILogger logger, string reason);

    [LoggerMessage(1024, LogLevel.Warning, "The start takes longer than {Seconds} s (Kernel:BootSeconds) and goes on")]
    private static partial void StartsSlowly(ILogger logger, int seconds);

    [LoggerMessage(1023, LogLevel.Information, "No datastore is mounted: all files of the kernel are in memory and vanish with the host")]
    private static partial void Diskless(ILogger logger);
}
