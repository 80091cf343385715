using System.Collections.Frozen;

namespace CimHost.Sdk.Cim;

/// <summary>Questions about a <see cref="CimType"/>.</summary>
public static class CimTypeExtensions
{
    private static readonly string[] s_names =
    [
        "unknown", "boolean", "uint8", "sint8", "uint16", "sint16", "uint32", "sint32", "uint64", "sint64",
        "real32", "real64", "char16", "datetime", "string", "reference", "instance",
    ];

    private static readonly FrozenDictionary<string, CimType> s_types = s_names.Skip(1).Take(14)
        .Select((name, index) => KeyValuePair.Create(name, (CimType)(index + 1)))
        .Append(KeyValuePair.Create("reference", CimType.Reference))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>True for array types.</summary>
    public static bool IsArray(this CimType type) => type > CimType.Instance;

    /// <summary>The element type of an array type; a scalar type is returned as it is.</summary>
    public static CimType ElementType(this CimType type) => type > CimType.Instance ? type - 16 : type;

    /// <summary>The array type of a scalar type; an array type is returned as it is.</summary>
    public static CimType ArrayType(this CimType type) => type is > CimType.Unknown and <= CimType.Instance ? type + 16 : type;

    /// <summary>True for the eight integer types (scalar).</summary>
    public static bool IsInteger(this CimType type) => type is >= CimType.UInt8 and <= CimType.SInt64;

    /// <summary>True for the four unsigned integer types (scalar).</summary>
    public static bool IsUnsigned(this CimType type) => type is CimType.UInt8 or CimType.UInt16 or CimType.UInt32 or CimType.UInt64;

    /// <summary>True for integers and reals (scalar).</summary>
    public static bool IsNumeric(this CimType type) => type is >= CimType.UInt8 and <= CimType.Real64;

    /// <summary>Name as in DSP0004 and DSP0201 ("uint16"), of the element type for arrays.</summary>
    public static string ElementName(this CimType type) => s_names[(int)type.ElementType()];

    /// <summary>Parses a data type name of DSP0004 in any case; false for other words.</summary>
    public static bool TryParse(string name, out CimType type) => s_types.TryGetValue(name, out type);
}
