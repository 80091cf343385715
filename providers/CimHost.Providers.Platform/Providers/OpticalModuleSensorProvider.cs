using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Modules;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>
/// CimHost_OpticalModuleSensor: what plug-in modules measure. Without a link nobody may be at the other end, and light that is missing says
/// nothing of health: then bias and power have values and no state.
/// </summary>
[CimProvider(ClassNames.OpticalModuleSensor, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class OpticalModuleSensorProvider(IProviderHost host, OpticalModules modules, PlatformFiles files) : ICimProvider
{
    private static readonly string[] s_thresholds = ["LowerThresholdNonCritical", "UpperThresholdNonCritical", "LowerThresholdCritical", "UpperThresholdCritical"];
    private static readonly string[] s_states = ["Unknown", "Normal", "Lower Non-Critical", "Upper Non-Critical", "Lower Critical", "Upper Critical"];

    /// <summary>DeviceID of a sensor.</summary>
    public static string IdOf(NetworkPort port, ModuleQuantity quantity) =>
        $"{port.Id}/module/{quantity.Kind switch { ModuleQuantityKind.Temperature => "temperature", ModuleQuantityKind.Voltage => "voltage", ModuleQuantityKind.Bias => "bias", ModuleQuantityKind.TransmitPower => "transmit", _ => "receive" }}{quantity.Lane}";

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (PortModule found in await modules.ReadAsync(cancellationToken))
        {
            bool hasLink = await files.NumberAsync(found.Port.Path + "/carrier", cancellationToken) == 1;
            foreach (ModuleQuantity quantity in found.Module?.Quantities ?? [])
            {
                CimInstance instance = PlatformPaths.NewDevice(host, request, IdOf(found.Port, quantity), NameOf(found.Port, quantity));
                instance["InterfaceName"] = found.Port.Interface;
                instance["Lane"] = (ushort?)quantity.Lane;
                SetKind(instance, quantity);
                SetReading(instance, quantity, quantity.Lane is null || hasLink);
                yield return instance;
            }
        }
    }

    private static string NameOf(NetworkPort port, ModuleQuantity quantity)
    {
        string what = quantity.Kind switch
        {
            ModuleQuantityKind.Temperature => "temperature",
            ModuleQuantityKind.Voltage => "voltage",
            ModuleQuantityKind.Bias => "laser bias",
            ModuleQuantityKind.TransmitPower => "transmit power",
            _ => "receive power",
        };
        return $"{port.Interface} module {what}{(quantity.Lane is { } lane ? $" {lane}" : string.Empty)}";
    }

    private static void SetKind(CimInstance instance, ModuleQuantity quantity)
    {
        const ushort OtherType = 1;
        (ushort type, ushort unit, int modifier) = quantity.Kind switch
        {
            ModuleQuantityKind.Temperature => ((ushort)2, (ushort)2, -3),
            ModuleQuantityKind.Voltage => ((ushort)3, (ushort)5, -4),
            ModuleQuantityKind.Bias => ((ushort)4, (ushort)6, -6),
            _ => (OtherType, (ushort)7, -7),
        };
        instance["SensorType"] = type;
        instance["OtherSensorTypeDescription"] = type == OtherType ? "Optical power" : null;
        instance["BaseUnits"] = unit;
        instance["UnitModifier"] = modifier;
        instance["RateUnits"] = (ushort)0;
        instance["PossibleStates"] = s_states;
        instance["EnabledState"] = (ushort)2;
    }

    private static void SetReading(CimInstance instance, ModuleQuantity quantity, bool counts)
    {
        const double TenthsOfMicrowattPerMilliwatt = 10_000;
        instance["CurrentReading"] = quantity.Value;
        bool isPower = quantity.Kind is ModuleQuantityKind.TransmitPower or ModuleQuantityKind.ReceivePower;
        instance["PowerLevel"] = isPower && quantity.Value > 0 ? (float)(10 * Math.Log10(quantity.Value / TenthsOfMicrowattPerMilliwatt)) : CimValue.Null;
        int[] limits = quantity.Limits is { } l ? [l.LowWarning, l.HighWarning, l.LowAlarm, l.HighAlarm] : [];
        for (int i = 0; i < limits.Length; i++)
        {
            instance[s_thresholds[i]] = limits[i];
        }

        ushort[] supported = [.. Enumerable.Range(0, limits.Length).Select(i => (ushort)i)];
        instance["SupportedThresholds"] = supported;
        instance["EnabledThresholds"] = supported;
        instance["SettableThresholds"] = Array.Empty<ushort>();
        (string state, Health health) = !counts || quantity.Limits is null ? ("Unknown", counts ? Health.Unknown : new Health(0, 10, "No link")) : StateOf(quantity.Value, quantity.Limits);
        instance["CurrentState"] = state;
        health.Set(instance);
    }

    private static (string State, Health Health) StateOf(int value, ModuleLimits limits) =>
        value < limits.LowAlarm ? ("Lower Critical", Health.Failed("Below the module's low alarm"))
        : value > limits.HighAlarm ? ("Upper Critical", Health.Failed("Above the module's high alarm"))
        : value < limits.LowWarning ? ("Lower Non-Critical", Health.Degraded("Below the module's low warning"))
        : value > limits.HighWarning ? ("Upper Non-Critical", Health.Degraded("Above the module's high warning"))
        : ("Normal", Health.Ok);
}
