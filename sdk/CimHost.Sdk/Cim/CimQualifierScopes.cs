namespace CimHost.Sdk.Cim;

/// <summary>On what a qualifier may stand (DSP0004 §5.6.3).</summary>
[Flags]
public enum CimQualifierScopes
{
    None = 0,
    Class = 1,
    Association = 2,
    Indication = 4,
    Property = 8,
    Reference = 16,
    Method = 32,
    Parameter = 64,
    Any = Class | Association | Indication | Property | Reference | Method | Parameter,
}
