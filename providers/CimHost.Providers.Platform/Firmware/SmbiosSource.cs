using System.Composition;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Firmware;

/// <summary>The SMBIOS table of the machine. It cannot change while the machine runs, so that it is read once; a failure is not kept.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class SmbiosSource(IProviderHost host)
{
    private const string Folder = "/sys/firmware/dmi/tables/";

    private SmbiosInventory? _inventory;

    /// <summary>What the table tells. Empty, with the reason, when there is no table or it may not be read.</summary>
    public async ValueTask<SmbiosInventory> ReadAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _inventory) ?? await LoadAsync(cancellationToken);

    private async ValueTask<SmbiosInventory> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            IFileTree files = host.Hardware.Files;
            if (await files.ReadAsync(Folder + "smbios_entry_point", cancellationToken) is not { } bytes)
            {
                return SmbiosInventory.None($"{Folder}smbios_entry_point does not exist");
            }

            if (!SmbiosEntryPoint.TryRead(bytes, out SmbiosEntryPoint entryPoint, out string? reason))
            {
                return SmbiosInventory.None($"{Folder}smbios_entry_point is not valid: {reason}");
            }

            int length = (int)Math.Min(entryPoint.TableLength, SmbiosTable.MaxLength);
            byte[]? table = await files.ReadRangeAsync(Folder + "DMI", 0, length, cancellationToken);
            if (table is null)
            {
                return SmbiosInventory.None($"{Folder}DMI does not exist");
            }

            var inventory = SmbiosInventory.Of(SmbiosTable.Read(entryPoint, table));
            if (Interlocked.CompareExchange(ref _inventory, inventory, null) is { } first)
            {
                return first;
            }

            foreach (string problem in inventory.Problems)
            {
                host.Log.Warning($"SMBIOS: {problem}.");
            }

            return inventory;
        }
        catch (HardwareException e)
        {
            return SmbiosInventory.None(e.Message);
        }
    }
}
