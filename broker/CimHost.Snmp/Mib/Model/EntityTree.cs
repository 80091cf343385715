using CimHost.Sdk.Cim;
using CimHost.Snmp.Mib.Persistence;

namespace CimHost.Snmp.Mib.Model;

/// <summary>
/// The containment tree of ENTITY-MIB from CIM's devices, hardware and associations. Its root is the host, number 1, also when nothing
/// tells its chassis; what CIM puts into nothing is in the chassis of its machine.
/// </summary>
internal sealed class EntityTree
{
    /// <summary>Identity of the host's own chassis, whichever class tells it.</summary>
    public const string HostIdentity = "host";

    /// <summary>Kind of number.</summary>
    public const string NumberKind = "entity";

    private const string RawSensor = "OMC_RawIpmiSensor";

    private static readonly (string Class, EntityClass Kind)[] s_devices =
    [
        (CimClasses.Processor, EntityClass.Cpu), (CimClasses.PowerSupply, EntityClass.PowerSupply), (CimClasses.CoolingDevice, EntityClass.Fan),
        (CimClasses.Battery, EntityClass.Battery), (CimClasses.DiskDrive, EntityClass.StorageDrive), (CimClasses.NetworkPort, EntityClass.Port),
    ];

    private readonly CimSnapshot _cim;
    private readonly Identities _identities;
    private readonly Dictionary<string, string> _entityOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EntityView> _byIdentity = new(StringComparer.Ordinal);

    private EntityTree(CimSnapshot cim, Identities identities)
    {
        _cim = cim;
        _identities = identities;
    }

    /// <summary>The entities by number.</summary>
    public static IReadOnlyList<EntityView> Build(CimSnapshot cim, Identities identities, MibStore store)
    {
        var tree = new EntityTree(cim, identities);
        List<Draft> drafts = tree.Collect();
        IReadOnlyDictionary<string, int> numbers = store.Number(NumberKind, drafts.Select(d => d.Identity));
        foreach (Draft draft in drafts.Where(d => numbers.ContainsKey(d.Identity)))
        {
            tree._byIdentity.TryAdd(draft.Identity, View(draft, numbers[draft.Identity]));
        }

        tree.Contain();
        return [.. tree._byIdentity.Values.OrderBy(e => e.Index)];
    }

    private static EntityView View(Draft draft, int index) => new()
    {
        Identity = draft.Identity,
        Index = index,
        Class = draft.Class,
        Device = draft.Device,
        Packages = draft.Packages,
        IsOutdated = draft.IsOutdated,
        Sensor = draft.Class == EntityClass.Sensor ? new SensorView(draft.Device!, draft.Identity, index, draft.IsOutdated) : null,
    };

    // The host first, then chassis, hardware, devices and sensors, each by name: a first start gives numbers that a person can follow.
    private List<Draft> Collect()
    {
        Dictionary<string, CimInstance> hardware = [];
        foreach (CimInstance element in _cim.Of(CimClasses.PhysicalElement).OrderBy(Order, StringComparer.Ordinal))
        {
            hardware.TryAdd(_identities.Of(element), element);
        }

        List<Draft> drafts = [HostDraft(hardware)];
        List<Draft> devices = [.. s_devices.SelectMany(d => _cim.Of(d.Class).OrderBy(Order, StringComparer.Ordinal).Select(i => DeviceDraft(i, d, hardware)))];
        foreach (Draft draft in devices)
        {
            foreach (CimInstance package in draft.Packages)
            {
                _entityOf.TryAdd(_identities.Of(package), draft.Identity);
            }
        }

        drafts.AddRange(hardware
            .Where(h => !_entityOf.ContainsKey(h.Key))
            .Select(h => new Draft(h.Key, Kind(h.Value), null, [h.Value], _cim.IsOutdated(CimClasses.PhysicalElement, h.Value)))
            .OrderBy(d => d.Class == EntityClass.Chassis ? 0 : 1));
        drafts.AddRange(devices);
        drafts.AddRange(_cim.Of(CimClasses.Sensor)
            .Where(s => s.ClassName != RawSensor)
            .OrderBy(Order, StringComparer.Ordinal)
            .Select(s => new Draft(_identities.Of(s), EntityClass.Sensor, s, [], _cim.IsOutdated(CimClasses.Sensor, s))));
        return [.. drafts.Where(d => d.Identity.Length > 0)];
    }

    private Draft HostDraft(Dictionary<string, CimInstance> hardware)
    {
        CimInstance[] systems = [.. _cim.Of(CimClasses.ComputerSystem).Where(s => _identities.IsThisHost(s.Text("Name"))).OrderBy(Order, StringComparer.Ordinal)];
        HashSet<string> hosts = [.. systems.Select(_identities.Of)];
        var packages = new List<CimInstance>();
        foreach (CimInstance link in _cim.Of(CimClasses.ComputerSystemPackage))
        {
            string chassis = _identities.OfReference(link, "Antecedent");
            if (hosts.Contains(_identities.OfReference(link, "Dependent")) && hardware.TryGetValue(chassis, out CimInstance? element))
            {
                packages.Add(element);
                _entityOf[chassis] = HostIdentity;
            }
        }

        foreach (string host in hosts)
        {
            _entityOf[host] = HostIdentity;
        }

        // The computer itself knows its model and serial number where the chassis does not.
        return new Draft(HostIdentity, EntityClass.Chassis, null, [.. systems.Take(1), .. packages.OrderBy(Order, StringComparer.Ordinal), .. systems.Skip(1)], false);
    }

    private Draft DeviceDraft(CimInstance device, (string Class, EntityClass Kind) source, Dictionary<string, CimInstance> hardware)
    {
        string identity = _identities.Of(device);
        CimInstance[] packages = [.. _cim.Of(CimClasses.Realizes)
            .Where(r => _identities.OfReference(r, "Dependent") == identity)
            .Select(r => hardware.GetValueOrDefault(_identities.OfReference(r, "Antecedent")))
            .OfType<CimInstance>()];
        return new Draft(identity, source.Kind, device, packages, _cim.IsOutdated(source.Class, device));
    }

    private void Contain()
    {
        Dictionary<string, string> containers = [];
        foreach (CimInstance link in _cim.Of(CimClasses.Container))
        {
            containers.TryAdd(EntityOf(_identities.OfReference(link, "PartComponent")), EntityOf(_identities.OfReference(link, "GroupComponent")));
        }

        foreach (CimInstance link in _cim.Of(CimClasses.AssociatedSensor))
        {
            containers.TryAdd(EntityOf(_identities.OfReference(link, "Antecedent")), EntityOf(_identities.OfReference(link, "Dependent")));
        }

        Dictionary<string, string> chassis = Chassis();
        foreach (EntityView entity in _byIdentity.Values.Where(e => e.Identity != HostIdentity))
        {
            string parent = containers.GetValueOrDefault(entity.Identity, string.Empty);
            if (!_byIdentity.ContainsKey(parent) || parent == entity.Identity)
            {
                parent = entity.Class == EntityClass.Chassis ? string.Empty : chassis.GetValueOrDefault(entity.Device?.Text("SystemName") ?? string.Empty, HostIdentity);
            }

            entity.Parent = _byIdentity.TryGetValue(parent, out EntityView? found) ? found.Index : 0;
        }

        BreakCircles();
    }

    // Machines that are not this host, by name: those behind remote controllers.
    private Dictionary<string, string> Chassis()
    {
        Dictionary<string, string> chassis = new(StringComparer.OrdinalIgnoreCase);
        foreach (CimInstance link in _cim.Of(CimClasses.ComputerSystemPackage))
        {
            if (link.TryGetValue("Dependent", out CimValue system) && system.AsReference()?["Name"].AsString() is { } name)
            {
                chassis.TryAdd(name, EntityOf(_identities.OfReference(link, "Antecedent")));
            }
        }

        return chassis;
    }

    // What contains itself by way of others is put into the host instead: managers follow the tree upwards.
    private void BreakCircles()
    {
        Dictionary<int, EntityView> byIndex = _byIdentity.Values.ToDictionary(e => e.Index);
        foreach (EntityView entity in byIndex.Values)
        {
            var seen = new HashSet<int> { entity.Index };
            for (EntityView? above = entity; above is not null && above.Parent != 0; byIndex.TryGetValue(above.Parent, out above))
            {
                if (!seen.Add(above.Parent))
                {
                    above.Parent = _byIdentity[HostIdentity].Index;
                    break;
                }
            }
        }
    }

    private string EntityOf(string identity) => _entityOf.GetValueOrDefault(identity, identity);

    private static EntityClass Kind(CimInstance element) => element.Number("PackageType") switch
    {
        3 => EntityClass.Chassis,
        4 => EntityClass.Backplane,
        5 => EntityClass.Container,
        6 => EntityClass.PowerSupply,
        7 => EntityClass.Fan,
        12 => EntityClass.Cpu,
        _ when element.ClassName.EndsWith("Slot", StringComparison.OrdinalIgnoreCase) => EntityClass.Container,
        _ when element.ClassName.EndsWith("Connector", StringComparison.OrdinalIgnoreCase) => EntityClass.Other,
        _ when element.ClassName.EndsWith("Chassis", StringComparison.OrdinalIgnoreCase) => EntityClass.Chassis,
        _ => EntityClass.Module,
    };

    private string Order(CimInstance instance) => _identities.Of(instance);

    private sealed record Draft(string Identity, EntityClass Class, CimInstance? Device, IReadOnlyList<CimInstance> Packages, bool IsOutdated);
}
