using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.Users.Permissions;

/// <summary>A thing that a user may be allowed to do, by its name.</summary>
public sealed class Privilege
{
    private static readonly List<Privilege> s_all = [];

    private Privilege(string name, string meaning)
    {
        Name = name;
        Meaning = meaning;
        Bit = 1UL << s_all.Count;
        s_all.Add(this);
    }

    /// <summary>See that an object exists.</summary>
    public static Privilege SystemView { get; } = new("System.View", "see that an object exists");

    /// <summary>Read the properties of the host: users, services, packages, statistics.</summary>
    public static Privilege SystemRead { get; } = new("System.Read", "read the host's own state: users, services, packages, statistics");

    /// <summary>Change the host's settings.</summary>
    public static Privilege HostConfigSettings { get; } = new("Host.Config.Settings", "change the host's settings");

    /// <summary>Install and remove packages.</summary>
    public static Privilege HostConfigPatch { get; } = new("Host.Config.Patch", "install and remove packages");

    /// <summary>Choose the boot bank.</summary>
    public static Privilege HostConfigBoot { get; } = new("Host.Config.Boot", "choose the boot bank");

    /// <summary>Read CIM classes and instances.</summary>
    public static Privilege CimRead { get; } = new("Cim.Read", "read CIM classes and instances");

    /// <summary>Change CIM classes and instances.</summary>
    public static Privilege CimWrite { get; } = new("Cim.Write", "change CIM classes and instances");

    /// <summary>Invoke CIM methods.</summary>
    public static Privilege CimMethod { get; } = new("Cim.Method", "invoke CIM methods");

    /// <summary>Read through SNMP.</summary>
    public static Privilege SnmpRead { get; } = new("Snmp.Read", "read through SNMP");

    /// <summary>Read the host's files.</summary>
    public static Privilege FilesRead { get; } = new("Files.Read", "read configuration and log files");

    /// <summary>Replace the host's files.</summary>
    public static Privilege FilesWrite { get; } = new("Files.Write", "replace configuration files and put files into /tmp");

    /// <summary>Change users, groups, roles and permissions.</summary>
    public static Privilege UsersManage { get; } = new("Users.Manage", "change users, groups, roles and permissions");

    /// <summary>Start and stop services.</summary>
    public static Privilege ServicesControl { get; } = new("Services.Control", "start and stop services");

    /// <summary>Stop and restart the host.</summary>
    public static Privilege PowerControl { get; } = new("Power.Control", "stop and restart the host");

    /// <summary>List and read datastores.</summary>
    public static Privilege DatastoreBrowse { get; } = new("Datastore.Browse", "list and read the files of a datastore");

    /// <summary>Change the files of datastores.</summary>
    public static Privilege DatastoreFileManagement { get; } = new("Datastore.FileManagement", "change the files of a datastore");

    /// <summary>Every privilege.</summary>
    public static IReadOnlyList<Privilege> All => s_all;

    /// <summary>Name, in parts with dots.</summary>
    public string Name { get; }

    /// <summary>What it allows, for people.</summary>
    public string Meaning { get; }

    /// <summary>Its place in a set.</summary>
    internal ulong Bit { get; }

    /// <summary>The privilege of a name, in any case.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out Privilege? privilege)
    {
        privilege = s_all.Find(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
        return privilege is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
