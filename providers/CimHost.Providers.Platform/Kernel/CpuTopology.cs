using System.Composition;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>A package (socket) of the kernel's processors.</summary>
/// <param name="Number">Number of the package as the kernel counts.</param>
/// <param name="Logical">Numbers of its logical processors.</param>
/// <param name="Online">Numbers of those that are online.</param>
/// <param name="Cores">Number of cores; 0 when not told.</param>
/// <param name="Info">What /proc/cpuinfo says of its first logical processor; null when nothing.</param>
/// <param name="MegaHertz">Highest clock at present of its logical processors; null when not told.</param>
internal sealed record CpuPackage(int Number, IReadOnlyList<int> Logical, IReadOnlyList<int> Online, int Cores, CpuInfo? Info, uint? MegaHertz);

/// <summary>The processors as the kernel sees them (/sys/devices/system/cpu, /proc/cpuinfo, /proc/interrupts).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class CpuTopology(PlatformFiles files)
{
    private const string Folder = "/sys/devices/system/cpu";

    /// <summary>The packages by their number.</summary>
    public async ValueTask<IReadOnlyList<CpuPackage>> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<CpuInfo> infos = await ReadInfosAsync(cancellationToken);
        Dictionary<int, CpuInfo> byNumber = [];
        foreach (CpuInfo info in infos)
        {
            byNumber.TryAdd(info.Number, info);
        }

        string? online = await files.TextAsync(Folder + "/online", cancellationToken);
        var places = new List<(int Number, int Package, long? Core)>();
        foreach (int number in await NumbersAsync(byNumber, cancellationToken))
        {
            // A processor that is offline has no topology; it is counted with the package that its block of cpuinfo names, or left out.
            string topology = $"{Folder}/cpu{number}/topology/";
            long? package = await files.NumberAsync(topology + "physical_package_id", cancellationToken) ?? byNumber.GetValueOrDefault(number)?.Package;
            if (package is >= 0 and <= int.MaxValue)
            {
                places.Add((number, (int)package, await files.NumberAsync(topology + "core_id", cancellationToken)));
            }
        }

        bool known = NumberList.TryRead(online, out IReadOnlyList<int> onlineNumbers);
        var packages = new List<CpuPackage>();
        foreach (var package in places.GroupBy(p => p.Package).OrderBy(g => g.Key))
        {
            int[] logical = [.. package.Select(p => p.Number).Order()];
            packages.Add(new CpuPackage(
                package.Key,
                logical,
                known ? [.. logical.Intersect(onlineNumbers)] : logical,
                package.Select(p => p.Core).Where(c => c is not null).Distinct().Count(),
                logical.Select(byNumber.GetValueOrDefault).FirstOrDefault(i => i is not null),
                await ClockAsync(logical, byNumber, cancellationToken)));
        }

        return packages;
    }

    /// <summary>Counts of one kind of interrupt by logical processor; null when the kernel does not count it.</summary>
    public async ValueTask<IReadOnlyDictionary<int, ulong>?> InterruptsAsync(string kind, CancellationToken cancellationToken)
    {
        byte[]? content = await WholeAsync("/proc/interrupts", cancellationToken);
        return content is null ? null : InterruptCounts.Read(content, System.Text.Encoding.ASCII.GetBytes(kind));
    }

    private async ValueTask<IReadOnlyList<CpuInfo>> ReadInfosAsync(CancellationToken cancellationToken) =>
        await WholeAsync("/proc/cpuinfo", cancellationToken) is { } content ? CpuInfo.ReadAll(content) : [];

    // With many processors these files outgrow what a read of an attribute takes.
    private async ValueTask<byte[]?> WholeAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.Tree.ReadRangeAsync(path, 0, IFileTree.MaxRange, cancellationToken);
        }
        catch (HardwareException)
        {
            return null;
        }
    }

    private async ValueTask<IReadOnlyList<int>> NumbersAsync(Dictionary<int, CpuInfo> infos, CancellationToken cancellationToken) =>
        NumberList.TryRead(await files.TextAsync(Folder + "/present", cancellationToken), out IReadOnlyList<int> present) && present.Count > 0
            ? present
            : [.. infos.Keys.Order()];

    // The driver of cpufreq knows the clock best; without one there is what cpuinfo tells.
    private async ValueTask<uint?> ClockAsync(int[] logical, Dictionary<int, CpuInfo> infos, CancellationToken cancellationToken)
    {
        double? highest = null;
        foreach (int number in logical)
        {
            long? kilohertz = await files.NumberAsync($"{Folder}/cpu{number}/cpufreq/scaling_cur_freq", cancellationToken);
            double? clock = kilohertz is > 0 ? kilohertz / 1000.0 : infos.GetValueOrDefault(number)?.MegaHertz;
            highest = clock is { } c && (highest is null || c > highest) ? c : highest;
        }

        return highest is { } value and < uint.MaxValue ? (uint)Math.Round(value) : null;
    }
}
