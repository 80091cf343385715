namespace CimHost.Sdk.Cim;

/// <content>Conversions from .NET types. The .NET type decides the CIM type: <c>ushort</c> is uint16, <c>int</c> is sint32, and so on.</content>
public readonly partial struct CimValue
{
    /// <summary>A boolean value.</summary>
    public static implicit operator CimValue(bool value) => new(Tags.Boolean, value ? 1 : 0);

    /// <summary>A boolean value or NULL.</summary>
    public static implicit operator CimValue(bool? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of boolean, or NULL.</summary>
    public static implicit operator CimValue(bool[]? value) => new(value, CimType.BooleanArray);

    /// <summary>A uint8 value.</summary>
    public static implicit operator CimValue(byte value) => new(Tags.UInt8, value);

    /// <summary>A uint8 value or NULL.</summary>
    public static implicit operator CimValue(byte? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of uint8, or NULL.</summary>
    public static implicit operator CimValue(byte[]? value) => new(value, CimType.UInt8Array);

    /// <summary>A sint8 value.</summary>
    public static implicit operator CimValue(sbyte value) => new(Tags.SInt8, value);

    /// <summary>A sint8 value or NULL.</summary>
    public static implicit operator CimValue(sbyte? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of sint8, or NULL.</summary>
    public static implicit operator CimValue(sbyte[]? value) => new(value, CimType.SInt8Array);

    /// <summary>A uint16 value.</summary>
    public static implicit operator CimValue(ushort value) => new(Tags.UInt16, value);

    /// <summary>A uint16 value or NULL.</summary>
    public static implicit operator CimValue(ushort? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of uint16, or NULL.</summary>
    public static implicit operator CimValue(ushort[]? value) => new(value, CimType.UInt16Array);

    /// <summary>A sint16 value.</summary>
    public static implicit operator CimValue(short value) => new(Tags.SInt16, value);

    /// <summary>A sint16 value or NULL.</summary>
    public static implicit operator CimValue(short? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of sint16, or NULL.</summary>
    public static implicit operator CimValue(short[]? value) => new(value, CimType.SInt16Array);

    /// <summary>A uint32 value.</summary>
    public static implicit operator CimValue(uint value) => new(Tags.UInt32, value);

    /// <summary>A uint32 value or NULL.</summary>
    public static implicit operator CimValue(uint? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of uint32, or NULL.</summary>
    public static implicit operator CimValue(uint[]? value) => new(value, CimType.UInt32Array);

    /// <summary>A sint32 value.</summary>
    public static implicit operator CimValue(int value) => new(Tags.SInt32, value);

    /// <summary>A sint32 value or NULL.</summary>
    public static implicit operator CimValue(int? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of sint32, or NULL.</summary>
    public static implicit operator CimValue(int[]? value) => new(value, CimType.SInt32Array);

    /// <summary>A uint64 value.</summary>
    public static implicit operator CimValue(ulong value) => new(Tags.UInt64, (long)value);

    /// <summary>A uint64 value or NULL.</summary>
    public static implicit operator CimValue(ulong? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of uint64, or NULL.</summary>
    public static implicit operator CimValue(ulong[]? value) => new(value, CimType.UInt64Array);

    /// <summary>A sint64 value.</summary>
    public static implicit operator CimValue(long value) => new(Tags.SInt64, value);

    /// <summary>A sint64 value or NULL.</summary>
    public static implicit operator CimValue(long? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of sint64, or NULL.</summary>
    public static implicit operator CimValue(long[]? value) => new(value, CimType.SInt64Array);

    /// <summary>A real32 value.</summary>
    public static implicit operator CimValue(float value) => new(Tags.Real32, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A real32 value or NULL.</summary>
    public static implicit operator CimValue(float? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of real32, or NULL.</summary>
    public static implicit operator CimValue(float[]? value) => new(value, CimType.Real32Array);

    /// <summary>A real64 value.</summary>
    public static implicit operator CimValue(double value) => new(Tags.Real64, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A real64 value or NULL.</summary>
    public static implicit operator CimValue(double? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of real64, or NULL.</summary>
    public static implicit operator CimValue(double[]? value) => new(value, CimType.Real64Array);

    /// <summary>A char16 value.</summary>
    public static implicit operator CimValue(char value) => new(Tags.Char16, value);

    /// <summary>A char16 value or NULL.</summary>
    public static implicit operator CimValue(char? value) => value is { } v ? v : default(CimValue);

    /// <summary>An array of char16, or NULL.</summary>
    public static implicit operator CimValue(char[]? value) => new(value, CimType.Char16Array);

    /// <summary>A string value, or NULL.</summary>
    public static implicit operator CimValue(string? value) => new(value, CimType.String);

    /// <summary>A reference value, or NULL.</summary>
    public static implicit operator CimValue(CimObjectPath? value) => new(value, CimType.Reference);

    /// <summary>A instance value, or NULL.</summary>
    public static implicit operator CimValue(CimInstance? value) => new(value, CimType.Instance);

    /// <summary>A instance value, or NULL.</summary>
    public static implicit operator CimValue(CimClass? value) => new(value, CimType.Instance);

    /// <summary>A datetime value.</summary>
    public static implicit operator CimValue(CimDateTime value) => new(value, CimType.DateTime);

    /// <summary>A datetime value or NULL.</summary>
    public static implicit operator CimValue(CimDateTime? value) => value is { } v ? v : default(CimValue);

    /// <summary>A datetime timestamp.</summary>
    public static implicit operator CimValue(DateTimeOffset value) => new CimDateTime(value);

    /// <summary>An array of strings, or NULL.</summary>
    public static implicit operator CimValue(string?[]? value) => new(value, CimType.StringArray);

    /// <summary>An array of datetimes, or NULL.</summary>
    public static implicit operator CimValue(CimDateTime[]? value) => new(value, CimType.DateTimeArray);

    /// <summary>An array of references, or NULL.</summary>
    public static implicit operator CimValue(CimObjectPath?[]? value) => new(value, CimType.ReferenceArray);

    /// <summary>An array of embedded instances, or NULL.</summary>
    public static implicit operator CimValue(CimInstance?[]? value) => new(value?.ToArray<object?>(), CimType.InstanceArray);

    /// <summary>Boxed value to CIM value; null gives NULL. The .NET type decides the CIM type.</summary>
    /// <exception cref="ArgumentException">The .NET type has no CIM type.</exception>
    public static CimValue FromObject(object? value) => value switch
    {
        null => default,
        CimValue v => v,
        bool v => v,
        byte v => v,
        sbyte v => v,
        ushort v => v,
        short v => v,
        uint v => v,
        int v => v,
        ulong v => v,
        long v => v,
        float v => v,
        double v => v,
        char v => v,
        string v => v,
        CimDateTime v => v,
        DateTimeOffset v => v,
        CimObjectPath v => v,
        CimInstance v => v,
        CimClass v => v,
        Array v => FromArray(v),
        _ => throw new ArgumentException($"The .NET type {value.GetType()} has no CIM type.", nameof(value)),
    };

    private static CimValue FromArray(Array array)
    {
        Type type = array.GetType();
        if (type == typeof(bool[]))
        {
            return new CimValue(array, CimType.BooleanArray);
        }

        if (type == typeof(byte[]))
        {
            return new CimValue(array, CimType.UInt8Array);
        }

        if (type == typeof(sbyte[]))
        {
            return new CimValue(array, CimType.SInt8Array);
        }

        if (type == typeof(ushort[]))
        {
            return new CimValue(array, CimType.UInt16Array);
        }

        if (type == typeof(short[]))
        {
            return new CimValue(array, CimType.SInt16Array);
        }

        if (type == typeof(uint[]))
        {
            return new CimValue(array, CimType.UInt32Array);
        }

        if (type == typeof(int[]))
        {
            return new CimValue(array, CimType.SInt32Array);
        }

        if (type == typeof(ulong[]))
        {
            return new CimValue(array, CimType.UInt64Array);
        }

        if (type == typeof(long[]))
        {
            return new CimValue(array, CimType.SInt64Array);
        }

        if (type == typeof(float[]))
        {
            return new CimValue(array, CimType.Real32Array);
        }

        if (type == typeof(double[]))
        {
            return new CimValue(array, CimType.Real64Array);
        }

        if (type == typeof(char[]))
        {
            return new CimValue(array, CimType.Char16Array);
        }

        return array switch
        {
            string?[] v => v,
            CimDateTime[] v => v,
            CimObjectPath?[] v => v,
            CimInstance?[] v => v,
            _ => throw new ArgumentException($"The .NET type {type} has no CIM type.", nameof(array)),
        };
    }
}
