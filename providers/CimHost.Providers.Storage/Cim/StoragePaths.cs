using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>Keys: everything of a device begins with the device's own id, so that a path leads back to it.</summary>
internal static class StoragePaths
{
    private const string InstancePrefix = "CimHost:";

    /// <summary>Path of the computer.</summary>
    public static CimObjectPath System(IProviderHost host, string namespaceName) => new(
        ClassNames.ComputerSystem,
        [new CimKeyBinding("CreationClassName", ClassNames.ComputerSystem), new CimKeyBinding("Name", host.SystemName)],
        namespaceName);

    /// <summary>Path of a logical device; <paramref name="part"/> is empty for the storage device itself.</summary>
    public static CimObjectPath Device(IProviderHost host, string namespaceName, string className, DiskIdentity identity, string part = "") => new(
        className,
        [
            new CimKeyBinding("SystemCreationClassName", ClassNames.ComputerSystem),
            new CimKeyBinding("SystemName", host.SystemName),
            new CimKeyBinding("CreationClassName", className),
            new CimKeyBinding("DeviceID", Key(identity, part)),
        ],
        namespaceName);

    /// <summary>Path of a physical package.</summary>
    public static CimObjectPath Physical(string namespaceName, string className, DiskIdentity identity) => new(
        className, [new CimKeyBinding("CreationClassName", className), new CimKeyBinding("Tag", identity.DeviceId)], namespaceName);

    /// <summary>Path of an instance with an InstanceID.</summary>
    public static CimObjectPath Instance(string namespaceName, string className, DiskIdentity identity, string part) => new(
        className, [new CimKeyBinding("InstanceID", InstancePrefix + Key(identity, part))], namespaceName);

    /// <summary>Path of a self-test as a service.</summary>
    public static CimObjectPath DiagnosticTest(IProviderHost host, string namespaceName, SelfTestKind kind) => new(
        ClassNames.DiagnosticTest,
        [
            new CimKeyBinding("SystemCreationClassName", ClassNames.ComputerSystem),
            new CimKeyBinding("SystemName", host.SystemName),
            new CimKeyBinding("CreationClassName", ClassNames.DiagnosticTest),
            new CimKeyBinding("Name", NameOf(kind)),
        ],
        namespaceName);

    /// <summary>Name of a self-test as a service.</summary>
    public static string NameOf(SelfTestKind kind) => $"{InstancePrefix}{kind.ToString().ToLowerInvariant()}-self-test";

    /// <summary>The self-test that a path of a service names; null when it names none.</summary>
    public static SelfTestKind? TestKindOf(CimObjectPath path)
    {
        foreach (SelfTestKind kind in Enum.GetValues<SelfTestKind>())
        {
            if (path["Name"] == NameOf(kind))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Sets the keys of a logical device.</summary>
    public static void SetDevice(IProviderHost host, CimInstance instance, DiskIdentity identity, string part = "")
    {
        instance["SystemCreationClassName"] = ClassNames.ComputerSystem;
        instance["SystemName"] = host.SystemName;
        instance["CreationClassName"] = instance.ClassName;
        instance["DeviceID"] = Key(identity, part);
    }

    /// <summary>InstanceID of a part of a device.</summary>
    public static string InstanceId(DiskIdentity identity, string part) => InstancePrefix + Key(identity, part);

    /// <summary>The storage device's id in a path of this package, or in one of the ends of an association; null when it has none.</summary>
    public static string? DeviceIdOf(CimObjectPath path)
    {
        foreach (CimKeyBinding binding in path.Keys)
        {
            // An adapter is no device, and the computer has no id.
            if (binding.Value.AsReference() is { } end && end.ClassName != ClassNames.DiskController && DeviceIdOf(end) is { } id)
            {
                return id;
            }
        }

        string? key = path["DeviceID"].AsString() ?? path["Tag"].AsString();
        if (key is null && path["InstanceID"].AsString() is { } instance && instance.StartsWith(InstancePrefix, StringComparison.Ordinal))
        {
            key = instance[InstancePrefix.Length..];
        }

        return key?.Split('/', 2)[0];
    }

    private static string Key(DiskIdentity identity, string part) => part.Length == 0 ? identity.DeviceId : $"{identity.DeviceId}/{part}";
}
