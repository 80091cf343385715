namespace CimHost.ObjectManager.Tests;

/// <summary>Small schemas that tests share.</summary>
internal static class TestMof
{
    /// <summary>Qualifier declarations.</summary>
    public const string Qualifiers = """
        Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
        Qualifier Override : string = null, Scope(property, reference, method), Flavor(EnableOverride, Restricted);
        Qualifier Abstract : boolean = false, Scope(class, association, indication), Flavor(EnableOverride, Restricted);
        Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
        Qualifier Indication : boolean = false, Scope(class, indication), Flavor(DisableOverride, ToSubclass);
        Qualifier Terminal : boolean = false, Scope(class, association, indication), Flavor(EnableOverride, Restricted);
        Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
        Qualifier Version : string = null, Scope(class, association, indication), Flavor(EnableOverride, Restricted, Translatable);
        Qualifier Units : string = null, Scope(property, method, parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier Write : boolean = false, Scope(property, reference), Flavor(EnableOverride, ToSubclass);
        Qualifier Required : boolean = false, Scope(property, reference, method, parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier Static : boolean = false, Scope(property, method), Flavor(DisableOverride, ToSubclass);
        Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier ValueMap : string[], Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        Qualifier Values : string[], Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass, Translatable);
        Qualifier Counter : boolean = false, Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        Qualifier EmbeddedObject : boolean = false, Scope(property, method, parameter), Flavor(DisableOverride, ToSubclass);
        """;

    /// <summary>Devices in a small hierarchy with an association.</summary>
    public const string Devices = """
        [Abstract] class T_Element { string ElementName; uint16 HealthState = 5; };
        class T_System : T_Element { [Key] string Name; uint32 Sensors(); };
        [Abstract] class T_Device : T_Element { [Key] string DeviceID; uint16 OperationalStatus[]; };
        class T_Sensor : T_Device { sint32 Reading; real64 Precise; datetime Updated; boolean Enabled; };
        class T_Fan : T_Sensor { uint64 Speed; };
        class T_Disk : T_Device { uint64 Size; [EmbeddedInstance("T_Setting")] string Setting; };
        class T_Setting { string Mode; uint16 Level; };
        [Association, Abstract] class T_Component { [Key] T_Element REF Group; [Key] T_Element REF Part; };
        [Association] class T_SystemDevice : T_Component { [Key, Override("Group")] T_System REF Group; [Key, Override("Part")] T_Device REF Part; uint16 Slot; };
        [Association] class T_Cooling { [Key] T_Fan REF Cooler; [Key] T_Device REF Cooled; };
        """;
}
