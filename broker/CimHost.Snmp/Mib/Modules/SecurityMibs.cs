using System.Net;
using System.Text;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;
using CimHost.Snmp.Notifications;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>
/// Who may ask and who is notified, as the configuration has it, to be read only: SNMP-TARGET-MIB and SNMP-NOTIFICATION-MIB (RFC 3413),
/// usmUserTable (RFC 3414) without keys, SNMP-VIEW-BASED-ACM-MIB (RFC 3415). Communities appear by number, not by name: it is their secret.
/// </summary>
internal static class SecurityMibs
{
    private const string AllView = "all";
    private const int ReadOnlyStorage = 5;
    private const int Active = 1;

    private static readonly Oid s_modules = new(1, 3, 6, 1, 6, 3);
    private static readonly Oid s_protocols = new(1, 3, 6, 1, 6, 3, 10, 1);
    private static readonly MibSyntax s_storage = MibSyntax.Of("SNMPv2-TC", "StorageType", SnmpType.Integer32);
    private static readonly MibSyntax s_status = MibSyntax.Of("SNMPv2-TC", "RowStatus", SnmpType.Integer32);

    /// <summary>SNMP-TARGET-MIB.</summary>
    public static MibModule Targets(MibFacts facts)
    {
        Oid objects = s_modules.Append(12, 1);
        IReadOnlyList<NotificationTarget> targets = facts.Options.Targets;
        return new MibModule("SNMP-TARGET-MIB", s_modules.Append(12), "Targets of notifications",
        [
            Rows(new MibTable<NotificationTarget>(objects.Append(2), "snmpTargetAddrTable", ["snmpTargetAddrName"], _ => targets, t => Octets(t.Name))
                .IndexColumn(1, "snmpTargetAddrName", MibSyntax.AdminString)
                .Column(2, "snmpTargetAddrTDomain", MibSyntax.ObjectIdentifier, t => SnmpValue.ObjectIdentifier(Domain(t)))
                .Column(3, "snmpTargetAddrTAddress", MibSyntax.Octets, t => SnmpValue.OctetString(TransportAddress(t)))
                .Column(4, "snmpTargetAddrTimeout", MibSyntax.TimeInterval, t => SnmpValue.Integer((int)(t.Timeout.TotalMilliseconds / 10)))
                .Column(5, "snmpTargetAddrRetryCount", MibSyntax.Integer32, t => SnmpValue.Integer(t.IsInform ? 255 : 0))
                .Column(6, "snmpTargetAddrTagList", MibSyntax.Octets, t => Values.Text(t.Name))
                .Column(7, "snmpTargetAddrParams", MibSyntax.AdminString, t => Values.Text(t.Name)), 8, 9),
            Rows(new MibTable<NotificationTarget>(objects.Append(3), "snmpTargetParamsTable", ["snmpTargetParamsName"], _ => targets, t => Octets(t.Name))
                .IndexColumn(1, "snmpTargetParamsName", MibSyntax.AdminString)
                .Column(2, "snmpTargetParamsMPModel", MibSyntax.Integer32, t => SnmpValue.Integer((int)t.Version))
                .Column(3, "snmpTargetParamsSecurityModel", MibSyntax.Integer32, t => SnmpValue.Integer(t.Version == SnmpVersion.V3 ? 3 : (int)t.Version + 1))
                .Column(4, "snmpTargetParamsSecurityName", MibSyntax.AdminString, t => Values.Text(t.UserName))
                .Column(5, "snmpTargetParamsSecurityLevel", MibSyntax.Integer32, t => SnmpValue.Integer((int)t.Level)), 6, 7),
        ]);
    }

    /// <summary>SNMP-NOTIFICATION-MIB.</summary>
    public static MibModule Notifications(MibFacts facts) => new("SNMP-NOTIFICATION-MIB", s_modules.Append(13), "Which targets get traps and which informs",
    [
        Rows(new MibTable<NotificationTarget>(s_modules.Append(13, 1, 1), "snmpNotifyTable", ["snmpNotifyName"], _ => facts.Options.Targets, t => Octets(t.Name))
            .IndexColumn(1, "snmpNotifyName", MibSyntax.AdminString)
            .Column(2, "snmpNotifyTag", MibSyntax.Octets, t => Values.Text(t.Name))
            .Column(3, "snmpNotifyType", MibSyntax.Enumeration(("trap", 1), ("inform", 2)), t => SnmpValue.Integer(t.IsInform ? 2 : 1)), 4, 5),
    ]);

    /// <summary>usmUserTable. The columns that change keys read as empty, as the standard wants it.</summary>
    public static IMibNode Users(MibFacts facts)
    {
        byte[] engineId = facts.Engine.EngineId.ToArray();
        var table = new MibTable<SnmpUser>(
            s_modules.Append(15, 1, 2, 2), "usmUserTable", ["usmUserEngineID", "usmUserName"], _ => facts.Options.Access?.Users ?? [],
            u => [(uint)engineId.Length, .. engineId.Select(o => (uint)o), .. Counted(u.Credentials.NameOctets)]);
        table.IndexColumn(1, "usmUserEngineID", MibSyntax.Octets).IndexColumn(2, "usmUserName", MibSyntax.AdminString)
            .Column(3, "usmUserSecurityName", MibSyntax.AdminString, u => Values.Text(u.Credentials.Name))
            .Column(4, "usmUserCloneFrom", MibSyntax.RowPointer, _ => SnmpValue.ObjectIdentifier(new Oid(0, 0)))
            .Column(5, "usmUserAuthProtocol", MibSyntax.AutonomousType, u => SnmpValue.ObjectIdentifier(s_protocols.Append(1, (uint)u.Credentials.Authentication + 1)));
        foreach ((uint number, string name) in new[] { (6u, "usmUserAuthKeyChange"), (7u, "usmUserOwnAuthKeyChange"), (9u, "usmUserPrivKeyChange"), (10u, "usmUserOwnPrivKeyChange"), (11u, "usmUserPublic") })
        {
            table.Column(number, name, MibSyntax.Octets, _ => SnmpValue.OctetString([]));
        }

        table.Column(8, "usmUserPrivProtocol", MibSyntax.AutonomousType, u => SnmpValue.ObjectIdentifier(ProtocolOid(u.Credentials.Privacy)));
        return Rows(table, 12, 13);
    }

    /// <summary>SNMP-VIEW-BASED-ACM-MIB: each community and user is a group of its own.</summary>
    public static MibModule Views(MibFacts facts)
    {
        Oid objects = s_modules.Append(16, 1);
        Group[] groups = Groups(facts.Options.Access);
        var views = new[] { (Name: AllView, Subtree: new Oid(1)) }.Concat(groups.SelectMany(g => g.Access.View.Subtrees.Select(s => (g.Name, Subtree: s)))).ToArray();
        return new MibModule("SNMP-VIEW-BASED-ACM-MIB", s_modules.Append(16), "The view-based access control model",
        [
            new MibTable<string>(objects.Append(1), "vacmContextTable", ["vacmContextName"], _ => [string.Empty], c => Counted(c))
                .Column(1, "vacmContextName", MibSyntax.AdminString, c => Values.Text(c)),
            Rows(new MibTable<(Group Group, uint Model)>(
                objects.Append(2), "vacmSecurityToGroupTable", ["vacmSecurityModel", "vacmSecurityName"], _ => groups.SelectMany(g => g.Models.Select(m => (g, m))), r => [r.Model, .. Counted(r.Group.Name)])
                .IndexColumn(1, "vacmSecurityModel", MibSyntax.Integer32)
                .IndexColumn(2, "vacmSecurityName", MibSyntax.AdminString)
                .Column(3, "vacmGroupName", MibSyntax.AdminString, r => Values.Text(r.Group.Name)), 4, 5),
            Rows(new MibTable<(Group Group, uint Model)>(
                objects.Append(4), "vacmAccessTable", ["vacmGroupName", "vacmAccessContextPrefix", "vacmAccessSecurityModel", "vacmAccessSecurityLevel"],
                _ => groups.SelectMany(g => g.Models.Select(m => (g, m))), r => [.. Counted(r.Group.Name), 0, r.Model, (uint)r.Group.Access.Level])
                .IndexColumn(1, "vacmAccessContextPrefix", MibSyntax.AdminString)
                .IndexColumn(2, "vacmAccessSecurityModel", MibSyntax.Integer32)
                .IndexColumn(3, "vacmAccessSecurityLevel", MibSyntax.Integer32)
                .Column(4, "vacmAccessContextMatch", MibSyntax.Enumeration(("exact", 1), ("prefix", 2)), _ => SnmpValue.Integer(1))
                .Column(5, "vacmAccessReadViewName", MibSyntax.AdminString, r => Values.Text(r.Group.View))
                .Column(6, "vacmAccessWriteViewName", MibSyntax.AdminString, r => Values.Text(r.Group.Access.CanWrite ? r.Group.View : string.Empty))
                .Column(7, "vacmAccessNotifyViewName", MibSyntax.AdminString, _ => Values.Text(AllView)), 8, 9),
            Rows(new MibTable<(string Name, Oid Subtree)>(
                objects.Append(5, 2), "vacmViewTreeFamilyTable", ["vacmViewTreeFamilyViewName", "vacmViewTreeFamilySubtree"], _ => views,
                v => [.. Counted(v.Name), (uint)v.Subtree.Length, .. v.Subtree.Ids])
                .IndexColumn(1, "vacmViewTreeFamilyViewName", MibSyntax.AdminString)
                .IndexColumn(2, "vacmViewTreeFamilySubtree", MibSyntax.ObjectIdentifier)
                .Column(3, "vacmViewTreeFamilyMask", MibSyntax.Octets, _ => SnmpValue.OctetString([]))
                .Column(4, "vacmViewTreeFamilyType", MibSyntax.Enumeration(("included", 1), ("excluded", 2)), _ => SnmpValue.Integer(1)), 5, 6),
        ]);
    }

    private static MibTable<TRow> Rows<TRow>(MibTable<TRow> table, uint storage, uint status) => table
        .Column(storage, table.Name.Replace("Table", "StorageType", StringComparison.Ordinal), s_storage, _ => SnmpValue.Integer(ReadOnlyStorage))
        .Column(status, table.Name.Replace("Table", "Status", StringComparison.Ordinal), s_status, _ => SnmpValue.Integer(Active));

    private static Group[] Groups(SnmpAccess? access) => access is null ? [] :
    [
        .. access.Communities.Select((c, i) => new Group($"community{i}", c.Access, [1, 2])),
        .. access.Users.Select(u => new Group(u.Credentials.Name, u.Access, [3])),
    ];

    // usmNoAuthProtocol to usmHMAC384SHA512AuthProtocol are in the order of the enumeration. Of the ciphers only DES and AES-128 have a
    // name of the standards; the others are those of the drafts, as the authors and Cisco registered them.
    private static Oid ProtocolOid(PrivacyProtocol privacy) => privacy switch
    {
        PrivacyProtocol.Des => s_protocols.Append(2, 2),
        PrivacyProtocol.Aes128 => s_protocols.Append(2, 4),
        PrivacyProtocol.Aes192 => new Oid(1, 3, 6, 1, 4, 1, 14832, 1, 3),
        PrivacyProtocol.Aes256 => new Oid(1, 3, 6, 1, 4, 1, 14832, 1, 4),
        PrivacyProtocol.Aes192C => new Oid(1, 3, 6, 1, 4, 1, 9, 12, 6, 1, 1),
        PrivacyProtocol.Aes256C => new Oid(1, 3, 6, 1, 4, 1, 9, 12, 6, 1, 2),
        _ => s_protocols.Append(2, 1),
    };

    // snmpUDPDomain (RFC 3417), transportDomainTcpIpv4 and others (RFC 3419).
    private static Oid Domain(NotificationTarget target)
    {
        bool isTcp = target.Address.IsTcp;
        var domains = new Oid(1, 3, 6, 1, 2, 1, 100, 1);
        return !IPAddress.TryParse(target.Address.Host, out IPAddress? address) ? domains.Append(isTcp ? 15u : 14u)
            : address.GetAddressBytes().Length == 16 ? domains.Append(isTcp ? 6u : 2u)
            : isTcp ? domains.Append(5) : new Oid(1, 3, 6, 1, 6, 1, 1);
    }

    private static byte[] TransportAddress(NotificationTarget target) => IPAddress.TryParse(target.Address.Host, out IPAddress? address)
        ? [.. address.GetAddressBytes(), (byte)(target.Address.Port >> 8), (byte)target.Address.Port]
        : Encoding.ASCII.GetBytes($"{target.Address.Host}:{target.Address.Port}");

    private static uint[] Octets(string text) => [.. Encoding.UTF8.GetBytes(text).Select(o => (uint)o)];

    private static uint[] Counted(string text) => Counted(Encoding.UTF8.GetBytes(text));

    private static uint[] Counted(byte[] octets) => [(uint)octets.Length, .. octets.Select(o => (uint)o)];

    private sealed record Group(string Name, AccessRight Access, uint[] Models)
    {
        public string View => Access.View.Subtrees.Count == 0 ? AllView : Name;
    }
}
