namespace CimHost.Sdk.Cim;

/// <summary>How a qualifier travels to subclasses (DSP0004 §5.6.4).</summary>
[Flags]
public enum CimQualifierFlavors
{
    /// <summary>Restricted and not overridable.</summary>
    None = 0,

    /// <summary>ToSubclass: propagates to subclasses. Without it the qualifier is Restricted.</summary>
    ToSubclass = 1,

    /// <summary>EnableOverride: a subclass may give it another value.</summary>
    Overridable = 2,

    /// <summary>Translatable into other languages.</summary>
    Translatable = 4,

    /// <summary>The defaults of DSP0004: propagates and may be overridden.</summary>
    Default = ToSubclass | Overridable,
}
