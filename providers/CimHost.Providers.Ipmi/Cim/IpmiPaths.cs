using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Names of the instances of this package.</summary>
internal static class IpmiPaths
{
    public const string SystemClass = "OMC_UnitaryComputerSystem";
    public const string LogClass = "OMC_IpmiRecordLog";
    public const string EntryClass = "OMC_IpmiLogEntry";
    public const string LogName = "System Event Log";
    public const string PowerServiceClass = "OMC_PowerManagementService";
    public const string PowerCapabilitiesClass = "OMC_PowerManagementCapabilities";
    public const string WatchdogClass = "OMC_Watchdog";
    public const string LedClass = "OMC_IndicatorLED";
    public const string DcmiPowerClass = "OMC_DcmiPowerSensor";
    public const string IntrusionClass = "OMC_IntrusionSensor";
    public const string IpEndpointClass = "OMC_IPProtocolEndpoint";
    public const string LanEndpointClass = "OMC_LANEndpoint";
    public const string RedundancySetClass = "OMC_RedundancySet";

    /// <summary>Path of a managed machine.</summary>
    public static CimObjectPath System(BmcModel model, string namespaceName) =>
        new(SystemClass, [new("CreationClassName", SystemClass), new("Name", model.MachineName)], namespaceName);

    /// <summary>Path of a logical device of a machine.</summary>
    public static CimObjectPath Device(string className, BmcModel model, string deviceId, string namespaceName) => new(
        className,
        [
            new("SystemCreationClassName", SystemClass), new("SystemName", model.MachineName),
            new("CreationClassName", className), new("DeviceID", deviceId),
        ],
        namespaceName);

    /// <summary>Path of a physical element.</summary>
    public static CimObjectPath Physical(string className, string tag, string namespaceName) =>
        new(className, [new("Tag", tag), new("CreationClassName", className)], namespaceName);

    /// <summary>Path of a firmware identity.</summary>
    public static CimObjectPath Firmware(string instanceId, string namespaceName) => new("OMC_SMASHFirmwareIdentity", "InstanceID", instanceId, namespaceName);

    public static string ChassisTag(BmcModel model) => model.Port.Name + ":chassis";

    public static string CardTag(BmcModel model, FruDevice fru) => fru.Address switch
    {
        { IsBridged: true } a => $"{model.Port.Name}:fru.{a.Controller:X2}.{a.DeviceId}" + (a.Channel == 0 ? string.Empty : $"@{a.Channel}"),
        { } a => $"{model.Port.Name}:fru.{a.DeviceId}",
    };

    public static string BmcFirmwareId(BmcModel model) => $"CimHost:{model.Port.Name}:bmc-firmware";

    /// <summary>Path of an event log.</summary>
    public static CimObjectPath Log(BmcModel model, string namespaceName) => new(LogClass, "InstanceID", LogId(model), namespaceName);

    public static string LogId(BmcModel model) => $"CimHost:{model.Port.Name}:sel";

    public static string BiosId(BmcModel model) => $"CimHost:{model.Port.Name}:bios";

    public static string PowerServiceName(BmcModel model) => model.Port.Name + ":power";

    public static string PowerCapabilitiesId(BmcModel model) => $"CimHost:{model.Port.Name}:power-capabilities";

    public static string WatchdogId(BmcModel model) => model.Port.Name + ":watchdog";

    public static string LedId(BmcModel model) => model.Port.Name + ":identify";

    public static string DcmiPowerId(BmcModel model) => model.Port.Name + ":dcmi.power";

    public static string IntrusionId(BmcModel model) => model.Port.Name + ":intrusion";

    public static string RedundancyId(BmcModel model, RedundancyGroup group) => "CimHost:" + group.Sensor.DeviceId.Insert(model.Port.Name.Length + 1, "redundancy.");

    public static string EndpointName(BmcModel model, LanChannel lan) => $"{model.Port.Name}:lan.{lan.Channel}";

    /// <summary>Path of the power management service of a machine.</summary>
    public static CimObjectPath PowerService(BmcModel model, string namespaceName) => Hosted(PowerServiceClass, model, PowerServiceName(model), namespaceName);

    /// <summary>Path of a service or an access point of a machine.</summary>
    public static CimObjectPath Hosted(string className, BmcModel model, string name, string namespaceName) => new(
        className,
        [new("SystemCreationClassName", SystemClass), new("SystemName", model.MachineName), new("CreationClassName", className), new("Name", name)],
        namespaceName);

    /// <summary>True for the path of the part of a machine that has this key.</summary>
    public static bool IsPart(BmcModel model, CimObjectPath path, string key, string value) =>
        !path.IsClassPath && path[key].AsString() == value && path["SystemName"].AsString() == model.MachineName;

    /// <summary>Class of the instance for a sensor.</summary>
    public static string SensorClass(BmcSensor sensor) => sensor.Kind == SensorKind.Numeric ? "OMC_NumericSensor" : "OMC_DiscreteSensor";

    /// <summary>A new instance of a logical device with its keys and names.</summary>
    public static CimInstance NewDevice(CimProviderRequest request, BmcModel model, string deviceId, string elementName)
    {
        CimInstance instance = request.NewInstance();
        instance["SystemCreationClassName"] = SystemClass;
        instance["SystemName"] = model.MachineName;
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["DeviceID"] = deviceId;
        instance["ElementName"] = elementName;
        instance["Caption"] = elementName;
        return instance;
    }
}
