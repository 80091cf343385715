using System.Composition;
using CimHost.Providers.Platform.Files;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>Errors of one memory module as EDAC counts them.</summary>
/// <param name="Controller">Memory controller: "mc0".</param>
/// <param name="Name">Its entry of the kernel: "dimm3", "rank3" or "csrow3".</param>
/// <param name="Label">Label of the socket; null when the kernel has none.</param>
/// <param name="Location">Place in the kernel's layers: "channel 0 slot 1"; null when not told.</param>
/// <param name="Corrected">Corrected errors; null when not told.</param>
/// <param name="Uncorrected">Uncorrected errors; null when not told.</param>
/// <param name="Megabytes">Size in MiB; null when not told.</param>
/// <param name="MemoryType">Kind of memory in the kernel's words; null when not told.</param>
internal sealed record EdacModule(string Controller, string Name, string? Label, string? Location, ulong? Corrected, ulong? Uncorrected, ulong? Megabytes, string? MemoryType)
{
    /// <summary>Controller and entry: "mc0/dimm3".</summary>
    public string Id => $"{Controller}/{Name}";
}

/// <summary>Counts of memory errors in /sys/devices/system/edac (Documentation/admin-guide/ras.rst).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class Edac(PlatformFiles files)
{
    private const string Folder = "/sys/devices/system/edac/mc";
    private const int MaxModules = 4096;

    /// <summary>All modules of all memory controllers.</summary>
    public async ValueTask<IReadOnlyList<EdacModule>> ReadAsync(CancellationToken cancellationToken)
    {
        var modules = new List<EdacModule>();
        foreach (string controller in files.Tree.List(Folder).Where(n => IsEntry(n, "mc")))
        {
            // The kernel shows the same errors again by csrow where it has dimms or ranks.
            IReadOnlyList<string> entries = files.Tree.List($"{Folder}/{controller}");
            string[] names = [.. entries.Where(n => IsEntry(n, "dimm") || IsEntry(n, "rank"))];
            foreach (string name in names.Length > 0 ? names : [.. entries.Where(n => IsEntry(n, "csrow"))])
            {
                if (modules.Count < MaxModules)
                {
                    modules.Add(await ReadModuleAsync(controller, name, cancellationToken));
                }
            }
        }

        return modules;
    }

    private async ValueTask<EdacModule> ReadModuleAsync(string controller, string name, CancellationToken cancellationToken)
    {
        string path = $"{Folder}/{controller}/{name}/";
        bool isRow = name.StartsWith("csrow", StringComparison.Ordinal);
        string prefix = isRow ? string.Empty : "dimm_";
        return new EdacModule(
            controller,
            name,
            await files.TextAsync(path + (isRow ? "ch0_dimm_label" : "dimm_label"), cancellationToken),
            await files.TextAsync(path + "dimm_location", cancellationToken),
            Count(await files.NumberAsync(path + prefix + "ce_count", cancellationToken)),
            Count(await files.NumberAsync(path + prefix + "ue_count", cancellationToken)),
            Count(await files.NumberAsync(path + (isRow ? "size_mb" : "size"), cancellationToken)),
            await files.TextAsync(path + (isRow ? "mem_type" : "dimm_mem_type"), cancellationToken));
    }

    private static ulong? Count(long? value) => value is >= 0 ? (ulong)value : null;

    private static bool IsEntry(string name, string kind) =>
        name.Length > kind.Length && name.StartsWith(kind, StringComparison.Ordinal) && name.AsSpan(kind.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
