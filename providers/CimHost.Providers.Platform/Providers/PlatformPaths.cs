using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>Keys of this package's instances.</summary>
internal static class PlatformPaths
{
    private const int LongestCaption = 64;

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

    /// <summary>Path of a physical element.</summary>
    public static CimObjectPath Physical(string namespaceName, string className, string tag) => new(
        className,
        [new CimKeyBinding("Tag", tag), new CimKeyBinding("CreationClassName", className)],
        namespaceName);

    /// <summary>A new instance of a device class with its keys and names.</summary>
    public static CimInstance NewDevice(IProviderHost host, CimProviderRequest request, string deviceId, string elementName)
    {
        CimInstance instance = request.NewInstance();
        instance["SystemCreationClassName"] = ClassNames.ComputerSystem;
        instance["SystemName"] = host.SystemName;
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["DeviceID"] = deviceId;
        instance["Name"] = elementName;
        SetNames(instance, elementName);
        return instance;
    }

    /// <summary>A new instance of a physical class with its keys and names.</summary>
    public static CimInstance NewPhysical(CimProviderRequest request, string tag, string elementName)
    {
        CimInstance instance = request.NewInstance();
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["Tag"] = tag;
        instance["Name"] = elementName;
        SetNames(instance, elementName);
        return instance;
    }

    /// <summary>A text for a property that takes 64 characters; null when it is longer.</summary>
    public static string? Short(string? text) => text is { Length: <= LongestCaption } ? text : null;

    private static void SetNames(CimInstance instance, string elementName)
    {
        instance["ElementName"] = elementName;
        instance["Caption"] = elementName.Length <= LongestCaption ? elementName : elementName[..LongestCaption];
    }
}
