using System.Globalization;
using CimHost.Providers.Platform.Providers;

namespace CimHost.Providers.Platform.Rollup;

/// <summary>The health of a whole: the worst of its parts.</summary>
/// <param name="Health">The health, with what makes it so.</param>
/// <param name="Known">Number of parts whose health is known.</param>
/// <param name="Missing">Classes that gave no full answer, each with the reason.</param>
internal sealed record RolledUpHealth(Health Health, int Known, IReadOnlyList<string> Missing)
{
    private const ushort Ok = 5;
    private const int NamedParts = 8;

    /// <summary>
    /// Rolls up: the highest CIM_ManagedSystemElement.HealthState of all parts that tell one. Without such a part it is unknown. Status goes
    /// with it: degraded and minor failures leave the whole degraded, from a major failure of a part on it is in error.
    /// </summary>
    public static RolledUpHealth Of(IEnumerable<ClassHealth> classes)
    {
        ClassHealth[] all = [.. classes];
        PartHealth[] parts = [.. all.SelectMany(c => c.Parts)];
        string[] missing = [.. all.Where(c => c.Failure is not null).Select(c => $"{c.ClassName}: {c.Failure}")];
        if (parts.Length == 0)
        {
            return new RolledUpHealth(Health.Unknown, 0, missing);
        }

        ushort worst = parts.Max(p => p.HealthState);
        if (worst <= Ok)
        {
            return new RolledUpHealth(Health.Ok with { Description = string.Create(CultureInfo.InvariantCulture, $"All {parts.Length} parts that tell their health are OK") }, parts.Length, missing);
        }

        string[] names = [.. parts.Where(p => p.HealthState == worst).Select(p => p.Name).Distinct().Order(StringComparer.Ordinal)];
        string text = string.Join(", ", names.Take(NamedParts)) + (names.Length > NamedParts ? string.Create(CultureInfo.InvariantCulture, $" and {names.Length - NamedParts} more") : string.Empty);
        return new RolledUpHealth(new Health(worst, (ushort)(worst >= 20 ? 6 : 3), $"{NameOf(worst)}: {text}"), parts.Length, missing);
    }

    /// <summary>Name of a health state.</summary>
    public static string NameOf(ushort healthState) => healthState switch
    {
        0 => "Unknown",
        5 => "OK",
        10 => "Degraded/Warning",
        15 => "Minor failure",
        20 => "Major failure",
        25 => "Critical failure",
        30 => "Non-recoverable error",
        _ => "Other",
    };
}
