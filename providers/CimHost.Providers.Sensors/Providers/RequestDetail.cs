using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>How much of a device a request needs read.</summary>
internal static class RequestDetail
{
    private static readonly string[] s_fromScan =
    [
        "SystemCreationClassName", "SystemName", "CreationClassName", "DeviceID", "Name", "ChipName", "BusAddress", "Channel", "KernelPath",
        "ZoneType", "CoolingType", "SensorType", "BaseUnits", "RateUnits", "OtherSensorTypeDescription", "ActiveCooling",
    ];

    private static readonly string[] s_fromLabel = ["Label", "ElementName", "Caption", "Description"];

    /// <summary>True when a value, limit or flag is wanted: something that makes the kernel talk to the chip.</summary>
    public static bool WantsReading(CimProviderRequest request) => request.PropertyList is null
        || request.PropertyList.Any(p => Exists(request.CimClass, p) && !Contains(s_fromScan, p) && !Contains(s_fromLabel, p));

    /// <summary>True when the label is wanted.</summary>
    public static bool WantsLabel(CimProviderRequest request) => request.Wants(s_fromLabel);

    private static bool Exists(CimClass cimClass, string property) => cimClass.IndexOf(property) >= 0;

    private static bool Contains(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
