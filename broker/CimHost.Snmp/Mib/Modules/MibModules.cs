using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>The modules that the agent implements.</summary>
internal static class MibModules
{
    /// <summary>All of them; sysORTable names each.</summary>
    public static IReadOnlyList<MibModule> All(MibFacts facts)
    {
        List<MibModule> modules =
        [
            SnmpMib.Module(facts), EntityMib.Module(facts), EntitySensorMib.Module(facts), EntityStateMib.Module(), HostResourcesMib.Module(facts),
            InterfacesMib.Module(facts), UpsMib.Module(facts), LmSensorsMib.Module(), EngineMibs.Framework(facts), EngineMibs.Dispatching(facts), EngineMibs.UserBased(facts),
            SecurityMibs.Targets(facts), SecurityMibs.Notifications(facts), SecurityMibs.Views(facts),
            CimHostMib.Module(facts), .. facts.Options.Esxi is { Enabled: true } esxi ? VMwareMibs.All(facts, esxi) : [],
        ];
        modules.Insert(0, SystemMib.Module(facts, [.. modules]));
        return modules;
    }

    /// <summary>CIMHOST-MIB alone, as its text needs it: nothing is read.</summary>
    public static MibModule CimHost(CimHostOids names) => CimHostMib.Module(names, _ => 0, static () => null, TimeProvider.System);
}
