using System.Collections.Concurrent;
using System.Composition;
using CimHost.Providers.Platform.Wire.Pci;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>
/// Names of vendors and devices from the lists that are installed (pci.ids, usb.ids). A list is read in parts and only the names asked for
/// are kept; what was asked once is not looked up again while the host runs. Without a list there are no names.
/// </summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class IdNames(IProviderHost host)
{
    private const string PciKey = "PciIds";
    private const string UsbKey = "UsbIds";
    private const string DefaultPci = "/usr/share/misc/pci.ids";
    private const string DefaultUsb = "/usr/share/misc/usb.ids";
    private const int PartLength = 128 * 1024;
    private const int MaxParts = 64;
    private const int MaxKept = 16_384;

    private readonly ConcurrentDictionary<string, string> _pci = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _usb = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds names in pci.ids; the keys are those of <see cref="IdList"/>.</summary>
    public ValueTask<IReadOnlyDictionary<string, string>> PciAsync(IEnumerable<string> keys, CancellationToken cancellationToken) =>
        FindAsync(host.Configuration.GetValueOrDefault(PciKey) ?? DefaultPci, _pci, keys, cancellationToken);

    /// <summary>Finds names in usb.ids; the keys are those of <see cref="IdList"/>.</summary>
    public ValueTask<IReadOnlyDictionary<string, string>> UsbAsync(IEnumerable<string> keys, CancellationToken cancellationToken) =>
        FindAsync(host.Configuration.GetValueOrDefault(UsbKey) ?? DefaultUsb, _usb, keys, cancellationToken);

    // A name that the list does not have is kept as an empty text, so that it does not cost a search each time.
    private async ValueTask<IReadOnlyDictionary<string, string>> FindAsync(
        string path, ConcurrentDictionary<string, string> known, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        string[] all = [.. keys.Distinct(StringComparer.OrdinalIgnoreCase)];
        HashSet<string> wanted = new(all.Where(k => !known.ContainsKey(k)), StringComparer.OrdinalIgnoreCase);
        if (wanted.Count > 0 && await SearchAsync(path, wanted, cancellationToken) is { } found)
        {
            if (known.Count + wanted.Count > MaxKept)
            {
                known.Clear();
            }

            foreach (string key in wanted)
            {
                known[key] = found.GetValueOrDefault(key) ?? string.Empty;
            }
        }

        return all.Where(k => known.TryGetValue(k, out string? name) && name.Length > 0).ToDictionary(k => k, k => known[k], StringComparer.OrdinalIgnoreCase);
    }

    private async ValueTask<IReadOnlyDictionary<string, string>?> SearchAsync(string path, HashSet<string> wanted, CancellationToken cancellationToken)
    {
        var list = new IdList(wanted);
        try
        {
            for (int part = 0; part < MaxParts && !list.IsDone; part++)
            {
                if (await host.Hardware.Files.ReadRangeAsync(path, (long)part * PartLength, PartLength, cancellationToken) is not { } bytes)
                {
                    return null;
                }

                list.Add(bytes);
                if (bytes.Length < PartLength)
                {
                    break;
                }
            }
        }
        catch (HardwareException e)
        {
            host.Log.Debug($"No names of devices: {e.Message}");
            return null;
        }

        list.End();
        return list.Names;
    }
}
