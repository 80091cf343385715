using System.Composition;
using System.Globalization;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>What the kernel's counts of errors say of the health of memory.</summary>
[Export]
[Shared]
internal sealed class MemoryHealth
{
    private const string ThresholdKey = "CorrectedErrorThreshold";
    private const ulong DefaultThreshold = 100;

    private readonly Edac _edac;
    private readonly ulong _threshold;

    /// <summary>Takes the threshold from the package's configuration.</summary>
    /// <exception cref="InvalidOperationException">The configured threshold is no whole number from 1 on.</exception>
    [ImportingConstructor]
    public MemoryHealth(IProviderHost host, Edac edac)
    {
        _edac = edac;
        string? text = host.Configuration.GetValueOrDefault(ThresholdKey);
        _threshold = text is null ? DefaultThreshold
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value > 0 ? value
            : throw new InvalidOperationException($"Providers:CimHost.Providers.Platform:{ThresholdKey} is '{text}'; allowed is a whole number from 1 on.");
    }

    /// <summary>
    /// The health that counts tell: an error that could not be corrected is a major failure; corrected ones are what ECC is for, until there
    /// are many of them.
    /// </summary>
    public Health Of(ulong? corrected, ulong? uncorrected) =>
        uncorrected > 0 ? new Health(20, 6, string.Create(CultureInfo.InvariantCulture, $"{uncorrected} errors could not be corrected"))
        : corrected >= _threshold ? Health.Degraded(string.Create(CultureInfo.InvariantCulture, $"{corrected} errors were corrected"))
        : corrected is null && uncorrected is null ? Health.Unknown
        : Health.Ok;

    /// <summary>Sets the counts and the health of a module; the kernel's entry is the one with the label of its socket.</summary>
    public async ValueTask SetAsync(CimInstance instance, CimProviderRequest request, MemoryDevice module, CancellationToken cancellationToken)
    {
        if (!request.Wants("CorrectedErrors", "UncorrectedErrors", "HealthState", "OperationalStatus", "StatusDescriptions"))
        {
            return;
        }

        EdacModule[] entries = [.. (await _edac.ReadAsync(cancellationToken)).Where(e => IsOf(e, module))];
        ulong? corrected = Sum(entries, e => e.Corrected);
        ulong? uncorrected = Sum(entries, e => e.Uncorrected);
        instance["CorrectedErrors"] = corrected;
        instance["UncorrectedErrors"] = uncorrected;
        Of(corrected, uncorrected).Set(instance);
    }

    /// <summary>True when the entry counts the errors of the module. Drivers label by the locator alone, or by bank and locator.</summary>
    public static bool IsOf(EdacModule entry, MemoryDevice module) => entry.Label is { } label && module.DeviceLocator is { Length: > 0 } locator
        && (string.Equals(label, locator, StringComparison.OrdinalIgnoreCase)
            || (module.BankLocator is { Length: > 0 } bank && string.Equals(label, $"{bank} {locator}", StringComparison.OrdinalIgnoreCase)));

    private static ulong? Sum(EdacModule[] entries, Func<EdacModule, ulong?> count) =>
        entries.Any(e => count(e) is not null) ? entries.Aggregate(0UL, (sum, e) => unchecked(sum + (count(e) ?? 0))) : null;
}
