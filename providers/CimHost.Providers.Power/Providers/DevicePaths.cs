using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>Keys of this package's devices: the computer they belong to, their class, and their stable name.</summary>
internal static class DevicePaths
{
    /// <summary>Path of the computer.</summary>
    public static CimObjectPath System(IProviderHost host, string namespaceName) => new(
        ClassNames.ComputerSystem,
        [new CimKeyBinding("CreationClassName", ClassNames.ComputerSystem), new CimKeyBinding("Name", host.SystemName)],
        namespaceName);

    /// <summary>Path of a device.</summary>
    public static CimObjectPath Device(IProviderHost host, string namespaceName, string className, string deviceId) => new(
        className,
        [
            new CimKeyBinding("SystemCreationClassName", ClassNames.ComputerSystem),
            new CimKeyBinding("SystemName", host.SystemName),
            new CimKeyBinding("CreationClassName", className),
            new CimKeyBinding("DeviceID", deviceId),
        ],
        namespaceName);

    /// <summary>A new instance of a device class with its keys.</summary>
    public static CimInstance NewDevice(IProviderHost host, CimProviderRequest request, string deviceId)
    {
        CimInstance instance = request.NewInstance();
        instance["SystemCreationClassName"] = ClassNames.ComputerSystem;
        instance["SystemName"] = host.SystemName;
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["DeviceID"] = deviceId;
        return instance;
    }

    /// <summary>The DeviceID in a path, when the path names a device of that class on this computer; else null.</summary>
    public static string? DeviceIdOf(IProviderHost host, string className, CimObjectPath path) =>
        Is(path["SystemCreationClassName"], ClassNames.ComputerSystem)
        && Is(path["SystemName"], host.SystemName)
        && Is(path["CreationClassName"], className)
            ? path["DeviceID"].AsString()
            : null;

    private static bool Is(CimValue value, string text) => string.Equals(value.AsString(), text, StringComparison.Ordinal);
}
