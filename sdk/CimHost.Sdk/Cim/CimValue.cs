using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CimHost.Sdk.Cim;

/// <summary>
/// A value of any CIM type, or NULL. Scalars other than strings, datetimes, references and embedded objects are held without boxing.
/// Arrays are held as arrays of the matching .NET type (<c>ushort[]</c>, <c>string?[]</c>…); an array of numbers with NULL elements as
/// <c>object?[]</c>. Values are immutable: an array handed over must not be changed afterwards.
/// </summary>
public readonly partial struct CimValue : IEquatable<CimValue>
{
    // null: NULL. A ScalarTag: the value is in _bits. Otherwise the value itself, with its CimType in _bits.
    private readonly object? _reference;
    private readonly long _bits;

    private CimValue(object reference, long bits)
    {
        _reference = reference;
        _bits = bits;
    }

    private CimValue(object? reference, CimType type)
    {
        _reference = reference;
        _bits = reference is null ? 0 : (long)type;
    }

    /// <summary>The untyped NULL.</summary>
    public static CimValue Null => default;

    /// <summary>True for NULL.</summary>
    public bool IsNull => _reference is null;

    /// <summary>Type of the value; Unknown for NULL.</summary>
    public CimType Type => _reference is ScalarTag tag ? tag.Type : _reference is null ? CimType.Unknown : (CimType)_bits;

    /// <summary>True for arrays.</summary>
    public bool IsArray => Type.IsArray();

    /// <summary>Number of elements of an array; 0 for NULL and 1 for a scalar.</summary>
    public int Count => _reference is null ? 0 : IsArray ? ((Array)_reference).Length : 1;

    /// <summary>The value as a .NET object (boxed): bool, byte … double, char, string, <see cref="CimDateTime"/>, <see cref="CimObjectPath"/>, <see cref="CimInstance"/>, <see cref="CimClass"/>, or an array of these; null for NULL.</summary>
    public object? ToObject() => _reference is not ScalarTag tag ? _reference : tag.Type switch
    {
        CimType.Boolean => _bits != 0,
        CimType.UInt8 => (byte)_bits,
        CimType.SInt8 => (sbyte)_bits,
        CimType.UInt16 => (ushort)_bits,
        CimType.SInt16 => (short)_bits,
        CimType.UInt32 => (uint)_bits,
        CimType.SInt32 => (int)_bits,
        CimType.UInt64 => (ulong)_bits,
        CimType.SInt64 => _bits,
        CimType.Real32 => (float)BitConverter.Int64BitsToDouble(_bits),
        CimType.Real64 => BitConverter.Int64BitsToDouble(_bits),
        _ => (char)_bits,
    };

    /// <summary>A boolean; false for any other type and for NULL.</summary>
    public bool AsBoolean() => Type == CimType.Boolean && _bits != 0;

    /// <summary>A string; null for any other type and for NULL.</summary>
    public string? AsString() => _reference as string;

    /// <summary>A datetime; null for any other type and for NULL.</summary>
    public CimDateTime? AsDateTime() => _reference is CimDateTime time ? time : null;

    /// <summary>A reference; null for any other type and for NULL.</summary>
    public CimObjectPath? AsReference() => _reference as CimObjectPath;

    /// <summary>An embedded instance; null for any other type and for NULL.</summary>
    public CimInstance? AsInstance() => _reference as CimInstance;

    /// <summary>An embedded class (of an embedded object); null for any other type and for NULL.</summary>
    public CimClass? AsClass() => _reference as CimClass;

    /// <summary>The array as it is held, when it holds elements of <typeparamref name="T"/>; null otherwise.</summary>
    public T[]? AsArray<T>() => _reference is not null && _reference.GetType() == typeof(T[]) ? (T[])_reference : null;

    /// <summary>An integer of any CIM integer type, exactly; false when the value is no integer or does not fit.</summary>
    public bool TryGetInt64(out long value)
    {
        value = _bits;
        CimType type = Type;
        return type.IsInteger() && (type != CimType.UInt64 || _bits >= 0);
    }

    /// <summary>A non-negative integer of any CIM integer type, exactly; false when the value is no integer or is negative.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        value = (ulong)_bits;
        CimType type = Type;
        return type.IsInteger() && (type.IsUnsigned() || _bits >= 0);
    }

    /// <summary>An integer or real of any width; large 64-bit integers lose their low digits.</summary>
    public bool TryGetDouble(out double value)
    {
        CimType type = Type;
        value = type is CimType.Real32 or CimType.Real64 ? BitConverter.Int64BitsToDouble(_bits)
            : type == CimType.UInt64 ? (ulong)_bits
            : _bits;
        return type.IsNumeric();
    }

    /// <summary>The character of a char16.</summary>
    public bool TryGetChar(out char value)
    {
        value = (char)_bits;
        return Type == CimType.Char16;
    }

    /// <summary>Element of an array; element 0 of a scalar is the scalar.</summary>
    public CimValue this[int index] => _reference switch
    {
        bool[] a => a[index],
        string?[] a => a[index],
        double[] a => a[index],
        float[] a => a[index],
        char[] a => a[index],
        CimDateTime[] a => a[index],
        CimObjectPath?[] a => a[index],
        Array a => IntegerElement(a, index),
        null => throw new ArgumentOutOfRangeException(nameof(index), "NULL has no elements."),
        _ => index == 0 ? this : throw new ArgumentOutOfRangeException(nameof(index), "A scalar has one element."),
    };

    // The runtime lets byte[] pass for sbyte[] and so on; only the recorded CIM type tells them apart.
    private CimValue IntegerElement(Array array, int index) => array is object?[] objects
        ? FromObject(objects[index])
        : (CimType)_bits switch
        {
            CimType.UInt8Array => ((byte[])array)[index],
            CimType.SInt8Array => Unsafe.As<sbyte[]>(array)[index],
            CimType.UInt16Array => ((ushort[])array)[index],
            CimType.SInt16Array => Unsafe.As<short[]>(array)[index],
            CimType.UInt32Array => ((uint[])array)[index],
            CimType.SInt32Array => Unsafe.As<int[]>(array)[index],
            CimType.UInt64Array => ((ulong[])array)[index],
            _ => Unsafe.As<long[]>(array)[index],
        };

    /// <inheritdoc/>
    public bool Equals(CimValue other)
    {
        if (_reference is null || other._reference is null)
        {
            return ReferenceEquals(_reference, other._reference);
        }

        if (_reference is ScalarTag)
        {
            return ReferenceEquals(_reference, other._reference) && _bits == other._bits;
        }

        if (_bits != other._bits || other._reference is ScalarTag)
        {
            return false;
        }

        return ((CimType)_bits).IsArray() ? ElementsEqual(other)
            : _reference is CimInstance instance && other._reference is CimInstance otherInstance ? InstancesEqual(instance, otherInstance)
            : _reference.Equals(other._reference);
    }

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is CimValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _reference is ScalarTag tag ? HashCode.Combine((int)tag.Type, _bits)
        : _reference is Array array ? HashCode.Combine(_bits, array.Length)
        : _reference is CimInstance instance ? HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(instance.ClassName), instance.Count)
        : _reference?.GetHashCode() ?? 0;

    /// <summary>Equality of type and content.</summary>
    public static bool operator ==(CimValue left, CimValue right) => left.Equals(right);

    /// <summary>Inequality of type or content.</summary>
    public static bool operator !=(CimValue left, CimValue right) => !left.Equals(right);

    /// <summary>The value as text for people: arrays in braces, NULL as "NULL".</summary>
    public override string ToString()
    {
        if (_reference is null)
        {
            return "NULL";
        }

        if (!IsArray)
        {
            return ScalarText();
        }

        CimValue self = this;
        return "{" + string.Join(", ", Enumerable.Range(0, Count).Select(i => self[i].ToString())) + "}";
    }

    // Embedded instances are equal when their class and the values of their properties are.
    private static bool InstancesEqual(CimInstance one, CimInstance other)
    {
        if (ReferenceEquals(one, other))
        {
            return true;
        }

        bool equal = one.Count == other.Count && string.Equals(one.ClassName, other.ClassName, StringComparison.OrdinalIgnoreCase);
        for (int i = 0; equal && i < one.Count; i++)
        {
            equal = other.TryGetValue(one.CimClass.CimClassProperties[i].Name, out CimValue value) && value.Equals(one[i]);
        }

        return equal;
    }

    private bool ElementsEqual(CimValue other)
    {
        int count = Count;
        if (count != other.Count)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!this[i].Equals(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    private string ScalarText()
    {
        if (_reference is not ScalarTag)
        {
            return _reference!.ToString() ?? string.Empty;
        }

        Span<byte> buffer = stackalloc byte[MaxScalarLength];
        return TryFormat(buffer, out int written) ? System.Text.Encoding.UTF8.GetString(buffer[..written]) : string.Empty;
    }

    private sealed class ScalarTag(CimType type)
    {
        public CimType Type { get; } = type;
    }

    private static class Tags
    {
        public static readonly ScalarTag Boolean = new(CimType.Boolean);
        public static readonly ScalarTag UInt8 = new(CimType.UInt8);
        public static readonly ScalarTag SInt8 = new(CimType.SInt8);
        public static readonly ScalarTag UInt16 = new(CimType.UInt16);
        public static readonly ScalarTag SInt16 = new(CimType.SInt16);
        public static readonly ScalarTag UInt32 = new(CimType.UInt32);
        public static readonly ScalarTag SInt32 = new(CimType.SInt32);
        public static readonly ScalarTag UInt64 = new(CimType.UInt64);
        public static readonly ScalarTag SInt64 = new(CimType.SInt64);
        public static readonly ScalarTag Real32 = new(CimType.Real32);
        public static readonly ScalarTag Real64 = new(CimType.Real64);
        public static readonly ScalarTag Char16 = new(CimType.Char16);
    }
}
