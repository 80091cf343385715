using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Memory: the memory that the operating system has to use.</summary>
[CimProvider(ClassNames.Memory)]
[method: ImportingConstructor]
internal sealed class MemoryProvider(IProviderHost host, PlatformFiles files, SmbiosSource source) : ICimProvider
{
    /// <summary>DeviceID of the instance.</summary>
    public const string Id = "memory";

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await files.ReadAsync("/proc/meminfo", cancellationToken) is not { } content || MemInfo.Read(content) is not { Total: { } total } info)
        {
            yield break;
        }

        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        CimInstance instance = PlatformPaths.NewDevice(host, request, Id, "System Memory");
        instance["BlockSize"] = 1024UL;
        instance["NumberOfBlocks"] = total;
        instance["ConsumableBlocks"] = info.Available;
        instance["Volatile"] = true;
        instance["EnabledState"] = (ushort)2;
        instance["AvailableBytes"] = info.Available << 10;
        instance["HardwareCorruptedBytes"] = info.HardwareCorrupted << 10;
        instance["InstalledBytes"] = Installed(inventory);
        instance["ErrorMethodology"] = inventory.OfKind<PhysicalMemoryArray>().FirstOrDefault()?.ErrorCorrectionName;
        (info.HardwareCorrupted > 0 ? Health.Degraded($"{info.HardwareCorrupted} kB were taken out of use because of errors") : Health.Ok).Set(instance);
        yield return instance;
    }

    private static ulong? Installed(SmbiosInventory inventory)
    {
        ulong sum = inventory.OfKind<MemoryDevice>().Aggregate(0UL, (total, m) => unchecked(total + (m.Size ?? 0)));
        return sum == 0 ? null : sum;
    }
}

/// <summary>CimHost_MemoryErrorCounter: one instance per module that EDAC counts errors of.</summary>
[CimProvider(ClassNames.MemoryErrorCounter)]
[method: ImportingConstructor]
internal sealed class MemoryErrorCounterProvider(IProviderHost host, Edac edac, MemoryHealth health) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (EdacModule module in await edac.ReadAsync(cancellationToken))
        {
            CimInstance instance = PlatformPaths.NewDevice(host, request, module.Id, module.Label ?? module.Id);
            instance["MemoryController"] = module.Controller;
            instance["Label"] = module.Label;
            instance["Location"] = module.Location;
            instance["MemoryTypeName"] = module.MemoryType;
            instance["BlockSize"] = 1024UL * 1024;
            instance["NumberOfBlocks"] = module.Megabytes;
            instance["Volatile"] = true;
            instance["CorrectedErrors"] = module.Corrected;
            instance["UncorrectedErrors"] = module.Uncorrected;
            health.Of(module.Corrected, module.Uncorrected).Set(instance);
            yield return instance;
        }
    }
}

/// <summary>CimHost_CacheMemory: one instance per cache of a processor.</summary>
[CimProvider(ClassNames.CacheMemory)]
[method: ImportingConstructor]
internal sealed class CacheMemoryProvider(IProviderHost host, SmbiosSource source) : SmbiosProvider<CacheInformation>(source)
{
    /// <inheritdoc/>
    protected override bool IsTold(CacheInformation record) => record.InstalledSize > 0;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, CacheInformation record, CancellationToken cancellationToken)
    {
        string name = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewDevice(host, request, name, name);
        instance["SocketDesignation"] = record.SocketDesignation;
        instance["Level"] = (ushort)record.Level;
        instance["CacheType"] = record.SystemTypeName;
        instance["AssociativityName"] = record.AssociativityName;
        instance["OperationalMode"] = record.OperationalMode;
        instance["ErrorCorrection"] = record.ErrorCorrectionName;
        instance["ErrorMethodology"] = record.ErrorCorrectionName;
        instance["BlockSize"] = 1024UL;
        instance["NumberOfBlocks"] = record.InstalledSize >> 10;
        instance["MaxCacheSize"] = record.MaximumSize;
        instance["Volatile"] = true;
        instance["EnabledState"] = (ushort)(record.IsEnabled ? 2 : 3);
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }
}
