using System.Text.Json;
using System.Text.Json.Serialization;

namespace CimHost.Sdk.Providers;

/// <summary>
/// The file <c>provider.json</c> of a provider package: a folder with the manifest, the assembly and a folder <c>Schema</c> of MOF files.
/// </summary>
public sealed record PackageManifest
{
    /// <summary>Version of the provider contract of this SDK. A package built for another major number is refused.</summary>
    public const string CurrentAbi = "1.0";

    /// <summary>Name of the package, unique on a host: letters, digits, dot, underscore, hyphen.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the package.</summary>
    public required string Version { get; init; }

    /// <summary>Contract version that the package was built for ("1.0").</summary>
    public required string Abi { get; init; }

    /// <summary>File name of the assembly inside the package folder.</summary>
    public required string Assembly { get; init; }

    /// <summary>Who made it.</summary>
    public string Vendor { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>What it is, in a sentence.</summary>
    public string Description { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Folder of MOF files inside the package folder; empty for none.</summary>
    public string Schema { get; init => field = value ?? "Schema"; } = "Schema";

    /// <summary>
    /// The devices that the package uses; it gets no others, and none when this is left out. At most 64 patterns KIND:NAME, in which * stands
    /// for any characters: "ipmi:*", "disk:nvme*", "hid:*". Files of the kernel are declared by the folders they are in, "files:/sys/class/hwmon";
    /// below a folder of /sys, links into /sys/devices may be followed. "*" is all devices.
    /// </summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">The text is no manifest; the message says where and why.</exception>
    public static PackageManifest Parse(ReadOnlySpan<byte> utf8Json) =>
        JsonSerializer.Deserialize(utf8Json, PackageManifestContext.Default.PackageManifest) ?? throw new JsonException("The manifest is null.");
}

/// <summary>Generated JSON reader of the manifest.</summary>
[JsonSerializable(typeof(PackageManifest))]
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class PackageManifestContext : JsonSerializerContext;
