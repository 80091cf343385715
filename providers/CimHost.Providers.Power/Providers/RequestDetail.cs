using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>How much of a device a request needs read.</summary>
internal static class RequestDetail
{
    private static readonly string[] s_known =
        ["SystemCreationClassName", "SystemName", "CreationClassName", "DeviceID", "Name", "Origin", "PowerDeviceID", "Measure", "SensorType", "BaseUnits", "RateUnits"];

    /// <summary>True when something is wanted that makes the device be asked.</summary>
    public static bool WantsReading(CimProviderRequest request) => request.PropertyList is null
        || request.PropertyList.Any(p => request.CimClass.IndexOf(p) >= 0 && !s_known.Contains(p, StringComparer.OrdinalIgnoreCase));
}
