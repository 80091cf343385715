using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>ENTITY-MIB, version 4 (RFC 6933).</summary>
internal static class EntityMib
{
    private static readonly Oid s_entity = new(1, 3, 6, 1, 2, 1, 47);
    private static readonly MibSyntax s_class = MibSyntax.Of("IANA-ENTITY-MIB", "IANAPhysicalClass", SnmpType.Integer32);
    private static readonly SnmpValue s_nothing = SnmpValue.ObjectIdentifier(new Oid(0, 0));

    /// <summary>The module.</summary>
    public static MibModule Module(MibFacts facts) => new("ENTITY-MIB", s_entity, "Physical entities, and what is in what",
    [
        Physical(facts),
        new MibTable<(int Entity, int Port)>(s_entity.Append(1, 3, 2), "entAliasMappingTable", ["entPhysicalIndex", "entAliasLogicalIndexOrZero"], PortsOf, r => [(uint)r.Entity, 0])
            .IndexColumn(1, "entAliasLogicalIndexOrZero", MibSyntax.IndexOrZero)
            .Column(2, "entAliasMappingIdentifier", MibSyntax.RowPointer, r => SnmpValue.ObjectIdentifier(InterfacesMib.IfIndex.Append((uint)r.Port))),
        new MibTable<EntityView>(s_entity.Append(1, 3, 3), "entPhysicalContainsTable", ["entPhysicalIndex", "entPhysicalChildIndex"], m => m.Entities.Where(e => e.Parent > 0), e => [(uint)e.Parent, (uint)e.Index])
            .Column(1, "entPhysicalChildIndex", MibSyntax.Index, e => SnmpValue.Integer(e.Index)),
        new MibScalar(s_entity.Append(1, 4, 1), "entLastChangeTime", MibSyntax.TimeStamp, m => SnmpValue.TimeTicks(m.History.LastChange is { } time ? facts.UpTimeAt(time) : 0)),
    ]);

    private static MibTable<EntityView> Physical(MibFacts facts) => new MibTable<EntityView>(s_entity.Append(1, 1, 1), "entPhysicalTable", ["entPhysicalIndex"], m => m.Entities, e => [(uint)e.Index])
        .IndexColumn(1, "entPhysicalIndex", MibSyntax.Index)
        .Column(2, "entPhysicalDescr", MibSyntax.AdminString, e => Values.Text(e.Description))
        .Column(3, "entPhysicalVendorType", MibSyntax.AutonomousType, _ => s_nothing)
        .Column(4, "entPhysicalContainedIn", MibSyntax.IndexOrZero, e => SnmpValue.Integer(e.Parent))
        .Column(5, "entPhysicalClass", s_class, e => SnmpValue.Integer((int)e.Class))
        .Column(6, "entPhysicalParentRelPos", MibSyntax.Integer32.Range(-1, int.MaxValue), e => SnmpValue.Integer(e.Position))
        .Column(7, "entPhysicalName", MibSyntax.AdminString, e => Values.Text(e.Name))
        .Column(8, "entPhysicalHardwareRev", MibSyntax.AdminString, e => Values.Text(e.Packages.Select(p => p.Text("Version")).FirstOrDefault(v => v is not null && v != e.First("FirmwareVersion"))))
        .Column(9, "entPhysicalFirmwareRev", MibSyntax.AdminString, e => Values.Text(e.First("FirmwareVersion")))
        .Column(10, "entPhysicalSoftwareRev", MibSyntax.AdminString, _ => Values.Text(null))
        .Column(11, "entPhysicalSerialNum", MibSyntax.AdminString, e => Values.Text(e.First("SerialNumber"), 32))
        .Column(12, "entPhysicalMfgName", MibSyntax.AdminString, e => Values.Text(e.First("Manufacturer", "Vendor")))
        .Column(13, "entPhysicalModelName", MibSyntax.AdminString, e => Values.Text(e.First("Model", "PartNumber")))
        .Column(14, "entPhysicalAlias", MibSyntax.AdminString, e => Values.Text(facts.Settings.Alias(e.Identity), 32), access: MibAccess.ReadWrite)
        .Column(15, "entPhysicalAssetID", MibSyntax.AdminString, e => Values.Text(facts.Settings.AssetId(e.Identity) ?? e.First("UserTracking"), 32), access: MibAccess.ReadWrite)
        .Column(16, "entPhysicalIsFRU", MibSyntax.TruthValue, e => Values.Truth(IsReplaceable(e)))
        .Column(17, "entPhysicalMfgDate", MibSyntax.DateAndTime, e => Values.DateAndTime(e.Packages.Select(p => p.Time("ManufactureDate")).FirstOrDefault(t => t is not null)) ?? SnmpValue.OctetString(new byte[8]))
        .Column(18, "entPhysicalUris", MibSyntax.Octets, _ => Values.Text(null))
        .Column(19, "entPhysicalUUID", MibSyntax.Octets, e => SnmpValue.OctetString(Guid.TryParse(e.Packages.Select(p => p.Text("UUID")).FirstOrDefault(u => u is not null), out Guid id) ? id.ToByteArray(bigEndian: true) : []));

    // Disks, power supplies and fans that are hardware of their own can be changed; what CIM says of hardware comes first.
    private static bool IsReplaceable(EntityView entity) =>
        entity.Packages.Select(p => p.Truth("CanBeFRUed")).FirstOrDefault(f => f is not null) ?? entity.Class is EntityClass.PowerSupply or EntityClass.StorageDrive or EntityClass.Battery;

    private static IEnumerable<(int Entity, int Port)> PortsOf(MachineView machine)
    {
        foreach (PortView port in machine.Ports)
        {
            if (machine.EntityIndex(port.Port) is > 0 and int entity)
            {
                yield return (entity, port.Index);
            }
        }
    }
}
