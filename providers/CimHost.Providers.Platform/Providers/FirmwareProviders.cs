using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_BIOSElement: the firmware that starts the computer.</summary>
[CimProvider(ClassNames.BiosElement)]
[method: ImportingConstructor]
internal sealed class BiosElementProvider(SmbiosSource source) : SmbiosProvider<FirmwareInformation>(source)
{
    private const ushort Running = 3;
    private const ushort UnknownSystem = 0;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, FirmwareInformation record, CancellationToken cancellationToken)
    {
        CimInstance instance = request.NewInstance();
        instance["Name"] = "System firmware";
        instance["Version"] = PlatformPaths.Short(record.Version) ?? string.Empty;
        instance["SoftwareElementState"] = Running;
        instance["SoftwareElementID"] = inventory.NameOf(record);
        instance["TargetOperatingSystem"] = UnknownSystem;
        instance["ElementName"] = $"{record.Vendor} {record.Version}".Trim();
        instance["Caption"] = "System firmware";
        instance["Manufacturer"] = record.Vendor;
        instance["PrimaryBIOS"] = true;
        instance["ReleaseDate"] = Date(record.ReleaseDate) is { } date ? date : CimValue.Null;
        instance["LoadedStartingAddress"] = record.StartingSegment == 0 ? CimValue.Null : (ulong)record.StartingSegment << 4;
        instance["LoadedEndingAddress"] = record.StartingSegment == 0 ? CimValue.Null : 0xF_FFFFUL;
        instance["Revision"] = record.Revision;
        instance["EmbeddedControllerRevision"] = record.EmbeddedControllerRevision;
        instance["RomSize"] = record.RomSize;
        instance["IsUEFI"] = record.IsUefi;
        instance["SMBIOSVersion"] = inventory.Table?.EntryPoint.Version;
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }

    // mm/dd/yyyy; a year of two digits is of the 20th century (DSP0134 §7.1).
    private static DateTimeOffset? Date(string? text) =>
        text?.Split('/') is [var month, var day, var year]
        && int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out int m) && m is >= 1 and <= 12
        && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out int y) && (year.Length == 4 || year.Length == 2)
        && (y += year.Length == 2 ? 1900 : 0) is >= 1900 and <= 9999
        && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out int d) && d >= 1 && d <= DateTime.DaysInMonth(y, m)
            ? new DateTimeOffset(y, m, d, 0, 0, 0, TimeSpan.Zero)
            : null;
}

/// <summary>CimHost_SmbiosStructure: every structure of the table.</summary>
[CimProvider(ClassNames.SmbiosStructure)]
[method: ImportingConstructor]
internal sealed class SmbiosStructureProvider(SmbiosSource source) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (SmbiosStructure structure in inventory.Table?.Structures ?? [])
        {
            SmbiosRecords.TryRead(structure, out SmbiosRecord? record, out string? problem);
            CimInstance instance = request.NewInstance();
            string id = $"CimHost:smbios:{structure.Handle:x4}";
            for (int n = 2; !ids.Add(id); n++)
            {
                // Handles are to be unique; firmware that repeats one still gets all its structures told.
                id = string.Create(CultureInfo.InvariantCulture, $"CimHost:smbios:{structure.Handle:x4}#{n}");
            }

            instance["InstanceID"] = id;
            instance["ElementName"] = record?.TypeName ?? string.Create(CultureInfo.InvariantCulture, $"Type {structure.Type}");
            instance["Handle"] = structure.Handle;
            instance["StructureType"] = structure.Type;
            instance["TypeName"] = record?.TypeName;
            instance["Problem"] = problem;
            instance["Strings"] = structure.Strings.ToArray();
            instance["FormattedArea"] = Convert.ToHexString(structure.Formatted);
            SmbiosField[] fields = record is null ? [] : [.. record.Fields()];
            instance["FieldNames"] = fields.Select(f => f.Name).ToArray();
            instance["FieldValues"] = fields.Select(f => f.Value).ToArray();
            yield return instance;
        }
    }
}
