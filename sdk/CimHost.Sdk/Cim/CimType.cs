namespace CimHost.Sdk.Cim;

/// <summary>
/// The intrinsic types of CIM (DSP0004 §5.2.2). The numbers are those of Microsoft.Management.Infrastructure: an array type is its
/// element type plus 16. <see cref="Instance"/> stands for embedded instances and embedded objects.
/// </summary>
public enum CimType
{
    /// <summary>No type: the type of an untyped NULL.</summary>
    Unknown = 0,
    Boolean = 1,
    UInt8 = 2,
    SInt8 = 3,
    UInt16 = 4,
    SInt16 = 5,
    UInt32 = 6,
    SInt32 = 7,
    UInt64 = 8,
    SInt64 = 9,
    Real32 = 10,
    Real64 = 11,
    Char16 = 12,
    DateTime = 13,
    String = 14,
    Reference = 15,
    Instance = 16,
    BooleanArray = 17,
    UInt8Array = 18,
    SInt8Array = 19,
    UInt16Array = 20,
    SInt16Array = 21,
    UInt32Array = 22,
    SInt32Array = 23,
    UInt64Array = 24,
    SInt64Array = 25,
    Real32Array = 26,
    Real64Array = 27,
    Char16Array = 28,
    DateTimeArray = 29,
    StringArray = 30,
    ReferenceArray = 31,
    InstanceArray = 32,
}
