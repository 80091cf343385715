namespace CimHost.Snmp.Tests.Mib;

/// <summary>The classes of the tests: as little of the real ones as the MIBs read.</summary>
internal static class ModelMof
{
    public const string Text = """
        Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
        Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
        class CIM_Sensor {
            [Key] string DeviceID; string ElementName; uint16 SensorType; uint16 HealthState; string CurrentState;
        };
        class CIM_NumericSensor : CIM_Sensor {
            uint16 BaseUnits; sint32 UnitModifier; uint16 RateUnits; sint32 CurrentReading; sint32 NominalReading; string ReadingState; string ReadingReason; datetime ReadingTime;
            sint32 LowerThresholdFatal; sint32 LowerThresholdCritical; sint32 LowerThresholdNonCritical;
            sint32 UpperThresholdNonCritical; sint32 UpperThresholdCritical; sint32 UpperThresholdFatal;
        };
        class CIM_CoolingDevice { [Key] string DeviceID; string ElementName; uint16 HealthState; uint16 EnabledState; };
        class CIM_PhysicalElement { [Key] string Tag; string ElementName; string SerialNumber; uint16 PackageType; };
        [Association] class CIM_AssociatedSensor { [Key] CIM_Sensor REF Antecedent; [Key] CIM_CoolingDevice REF Dependent; };
        [Association] class CIM_Container { [Key] CIM_PhysicalElement REF GroupComponent; [Key] CIM_PhysicalElement REF PartComponent; };
        """;
}
