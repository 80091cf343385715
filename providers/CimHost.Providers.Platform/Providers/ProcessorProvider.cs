using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Processor: one instance per populated socket; without a firmware table, per package of the kernel.</summary>
[CimProvider(ClassNames.Processor)]
[method: ImportingConstructor]
internal sealed class ProcessorProvider(IProviderHost host, SmbiosSource source, CpuTopology topology) : ICimProvider
{
    private const byte CentralProcessor = 3;
    private const int LastUpgradeOfCim = 56;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        ProcessorInformation[] sockets = [.. Sockets(inventory)];
        IReadOnlyList<CpuPackage> packages = await topology.ReadAsync(cancellationToken);
        var counts = new Dictionary<string, IReadOnlyDictionary<int, ulong>?>();
        foreach ((string property, string kind) in new[] { ("MachineCheckExceptions", "MCE"), ("ThresholdInterrupts", "THR"), ("ThermalInterrupts", "TRM") })
        {
            counts[property] = request.Wants(property) ? await topology.InterruptsAsync(kind, cancellationToken) : null;
        }

        for (int i = 0; i < Math.Max(sockets.Length, sockets.Length == 0 ? packages.Count : 0); i++)
        {
            // Firmware and kernel number the sockets each in its own way, and both in the same order.
            CpuPackage? package = sockets.Length == 0 || sockets.Length == packages.Count ? packages[i] : null;
            string id = sockets.Length == 0 ? IdOf(package!) : inventory.NameOf(sockets[i]);
            CimInstance instance = PlatformPaths.NewDevice(host, request, id, id);
            instance["NumberOfEnabledCores"] = CimValue.Null;
            Health.Unknown.Set(instance);
            if (package is not null)
            {
                SetPackage(instance, package, counts);
            }

            if (sockets.Length > 0)
            {
                SetSocket(instance, sockets[i], package);
            }

            yield return instance;
        }
    }

    /// <summary>The sockets that are told: those with a processor in them.</summary>
    public static IEnumerable<ProcessorInformation> Sockets(SmbiosInventory inventory) => inventory.OfKind<ProcessorInformation>().Where(p => p.IsPopulated);

    /// <summary>DeviceID of a package that no firmware tells of.</summary>
    public static string IdOf(CpuPackage package) => "package" + package.Number.ToString(CultureInfo.InvariantCulture);

    private static void SetPackage(CimInstance instance, CpuPackage package, Dictionary<string, IReadOnlyDictionary<int, ulong>?> counts)
    {
        instance["Role"] = "Central Processor";
        instance["Manufacturer"] = package.Info?.Vendor;
        instance["Model"] = package.Info?.ModelName;
        instance["Stepping"] = package.Info?.Stepping;
        instance["MicrocodeRevision"] = package.Info?.Microcode;
        instance["CurrentClockSpeed"] = package.MegaHertz;
        instance["NumberOfCores"] = package.Cores is > 0 and <= ushort.MaxValue ? (ushort)package.Cores : CimValue.Null;
        instance["NumberOfThreads"] = (ushort)Math.Min(ushort.MaxValue, package.Logical.Count);
        instance["LogicalProcessors"] = package.Logical.Select(n => (uint)n).ToArray();
        instance["OnlineLogicalProcessors"] = package.Online.Select(n => (uint)n).ToArray();
        instance["CPUStatus"] = (ushort)(package.Online.Count > 0 ? 1 : 0);
        instance["EnabledState"] = (ushort)(package.Online.Count > 0 ? 2 : 3);
        ulong? exceptions = null;
        foreach ((string property, IReadOnlyDictionary<int, ulong>? byProcessor) in counts)
        {
            ulong? sum = byProcessor is null ? null : package.Logical.Aggregate(0UL, (total, n) => unchecked(total + byProcessor.GetValueOrDefault(n)));
            instance[property] = sum;
            exceptions = property == "MachineCheckExceptions" ? sum : exceptions;
        }

        (exceptions > 0 ? Health.Degraded(string.Create(CultureInfo.InvariantCulture, $"{exceptions} machine check exceptions")) : Health.Ok).Set(instance);
    }

    private static void SetSocket(CimInstance instance, ProcessorInformation record, CpuPackage? package)
    {
        instance["SocketDesignation"] = record.SocketDesignation;
        instance["Role"] = record.ProcessorType == CentralProcessor ? "Central Processor" : null;
        instance["Manufacturer"] = record.Manufacturer;
        instance["Model"] = package?.Info?.ModelName ?? record.Version;
        instance["Family"] = record.Family;
        instance["FamilyName"] = ProcessorFamily.NameOf(record.Family);
        instance["UpgradeMethod"] = (ushort)(record.Upgrade is > 0 and <= LastUpgradeOfCim ? record.Upgrade : 1);
        instance["UniqueID"] = record.ProcessorId == 0 ? null : record.ProcessorId.ToString("X16", CultureInfo.InvariantCulture);
        instance["MaxClockSpeed"] = NullIfZero(record.MaxSpeed);
        instance["ExternalBusClockSpeed"] = NullIfZero(record.ExternalClock);
        instance["NumberOfEnabledCores"] = record.CoreEnabled;
        instance["NumberOfCores"] = record.CoreCount is { } cores ? cores : instance["NumberOfCores"];
        instance["NumberOfThreads"] = record.ThreadCount is { } threads ? threads : instance["NumberOfThreads"];
        instance["Voltage"] = record.Voltages is [var volts] ? (uint)(volts * 1000) : CimValue.Null;
        instance["CurrentClockSpeed"] = package?.MegaHertz is { } clock ? clock : NullIfZero(record.CurrentSpeed);
        instance["CPUStatus"] = (ushort)record.Status;
        instance["EnabledState"] = (ushort)(record.Status is 2 or 3 ? 3 : 2);
        instance["Characteristics"] = Characteristics(record.Characteristics);
        if (record.Status is 2)
        {
            new Health(5, 10, "Disabled by the user").Set(instance);
        }
        else if (record.Status is 3)
        {
            Health.Failed("Disabled by the firmware after its self test").Set(instance);
        }
        else if (package is null && record.Status is 1 or 4)
        {
            Health.Ok.Set(instance);
        }
    }

    // CIM_Processor.Characteristics: 2 64-bit, 4 enhanced virtualization, 5 hardware thread, 6 NX-bit, 7 power/performance control.
    private static ushort[]? Characteristics(ushort? bits)
    {
        if (bits is not { } value)
        {
            return null;
        }

        (int Bit, ushort Value)[] map = [(2, 2), (6, 4), (4, 5), (5, 6), (7, 7)];
        return [.. map.Where(m => (value >> m.Bit & 1) != 0).Select(m => m.Value).Order()];
    }

    private static CimValue NullIfZero(ushort value) => value == 0 ? CimValue.Null : (uint)value;
}
