using System.Buffers.Text;
using System.Globalization;
using System.Numerics;

namespace CimHost.Sdk.Cim;

/// <content>The text forms of DSP0201 (§5.2.6) and coercion to a declared type.</content>
public readonly partial struct CimValue
{
    /// <summary>Room that every scalar except strings, references and embedded objects fits into.</summary>
    public const int MaxScalarLength = 40;

    /// <summary>
    /// Writes a number, boolean, char16 or datetime as UTF-8 text; false when the destination is too short or the value is of another kind.
    /// </summary>
    public bool TryFormat(Span<byte> utf8, out int written)
    {
        written = 0;
        switch (Type)
        {
            case CimType.Boolean:
                ReadOnlySpan<byte> word = _bits != 0 ? "TRUE"u8 : "FALSE"u8;
                if (!word.TryCopyTo(utf8))
                {
                    return false;
                }

                written = word.Length;
                return true;
            case CimType.UInt64:
                return Utf8Formatter.TryFormat((ulong)_bits, utf8, out written);
            case CimType.UInt8 or CimType.SInt8 or CimType.UInt16 or CimType.SInt16 or CimType.UInt32 or CimType.SInt32 or CimType.SInt64:
                return Utf8Formatter.TryFormat(_bits, utf8, out written);
            case CimType.Real32 or CimType.Real64:
                return TryFormatReal(utf8, out written);
            case CimType.Char16:
                return System.Text.Encoding.UTF8.TryGetBytes([(char)_bits], utf8, out written);
            case CimType.DateTime:
                Span<char> text = stackalloc char[CimDateTime.Length];
                ((CimDateTime)_reference!).TryFormat(text);
                return System.Text.Encoding.ASCII.TryGetBytes(text, utf8, out written);
            default:
                return false;
        }
    }

    private bool TryFormatReal(Span<byte> utf8, out int written)
    {
        double value = BitConverter.Int64BitsToDouble(_bits);
        if (double.IsFinite(value))
        {
            return Type == CimType.Real32
                ? ((float)value).TryFormat(utf8, out written, default, CultureInfo.InvariantCulture)
                : value.TryFormat(utf8, out written, default, CultureInfo.InvariantCulture);
        }

        // DSP0201 §5.2.6.2 names the non-finite values of IEEE 754 so.
        ReadOnlySpan<byte> word = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "INF"u8 : "-INF"u8;
        written = word.TryCopyTo(utf8) ? word.Length : 0;
        return written > 0;
    }

    /// <summary>
    /// Parses the text form of a scalar of the given type (DSP0201 §5.2.6; integers in decimal or 0x hexadecimal, TRUE/FALSE in any case).
    /// References and embedded objects are not text and give false.
    /// </summary>
    public static bool TryParse(CimType type, ReadOnlySpan<char> text, out CimValue value)
    {
        value = default;
        switch (type)
        {
            case CimType.String:
                value = text.ToString();
                return true;
            case CimType.Char16:
                value = text.Length == 1 ? text[0] : default(CimValue);
                return text.Length == 1;
            case CimType.DateTime:
                bool isTime = CimDateTime.TryParse(text, out CimDateTime time);
                value = isTime ? time : default(CimValue);
                return isTime;
        }

        text = text.Trim();
        switch (type)
        {
            case CimType.Boolean:
                bool isBoolean = bool.TryParse(text, out bool boolean);
                value = isBoolean ? boolean : default(CimValue);
                return isBoolean;
            case CimType.UInt8: return ParseInteger<byte>(text, Tags.UInt8, static v => v, out value);
            case CimType.SInt8: return ParseInteger<sbyte>(text, Tags.SInt8, static v => v, out value);
            case CimType.UInt16: return ParseInteger<ushort>(text, Tags.UInt16, static v => v, out value);
            case CimType.SInt16: return ParseInteger<short>(text, Tags.SInt16, static v => v, out value);
            case CimType.UInt32: return ParseInteger<uint>(text, Tags.UInt32, static v => v, out value);
            case CimType.SInt32: return ParseInteger<int>(text, Tags.SInt32, static v => v, out value);
            case CimType.UInt64: return ParseInteger<ulong>(text, Tags.UInt64, static v => (long)v, out value);
            case CimType.SInt64: return ParseInteger<long>(text, Tags.SInt64, static v => v, out value);
            case CimType.Real32 or CimType.Real64: return ParseReal(type, text, out value);
            default: return false;
        }
    }

    /// <summary>
    /// The same value in another type where nothing is lost: between numeric types in range, string to datetime or char16 and the text of a
    /// key whose type the sender did not say. Arrays are converted element by element. NULL stays NULL.
    /// </summary>
    public bool TryConvert(CimType type, out CimValue value)
    {
        value = this;
        CimType from = Type;
        if (from == type || IsNull)
        {
            return true;
        }

        if (from.IsArray() || type.IsArray())
        {
            return from.IsArray() && type.IsArray() && TryConvertElements(type.ElementType(), out value);
        }

        if (from == CimType.String)
        {
            return TryParse(type, (string)_reference!, out value);
        }

        if (!from.IsNumeric() || !type.IsNumeric())
        {
            value = default;
            return false;
        }

        return TryConvertNumber(from, type, out value);
    }

    /// <summary>Makes an array value from elements of one scalar type; NULL elements are kept.</summary>
    /// <exception cref="ArgumentException">An element is of another type.</exception>
    public static CimValue FromElements(CimType elementType, ReadOnlySpan<CimValue> elements)
    {
        bool hasNull = false;
        foreach (CimValue element in elements)
        {
            hasNull |= element.IsNull;
            if (!element.IsNull && element.Type != elementType)
            {
                throw new ArgumentException($"An element of type {element.Type.ElementName()} does not belong in an array of {elementType.ElementName()}.");
            }
        }

        Array array = elementType switch
        {
            CimType.String => new string?[elements.Length],
            CimType.Reference => new CimObjectPath?[elements.Length],
            CimType.Instance => new object?[elements.Length],
            _ when hasNull => new object?[elements.Length],
            CimType.Boolean => new bool[elements.Length],
            CimType.UInt8 => new byte[elements.Length],
            CimType.SInt8 => new sbyte[elements.Length],
            CimType.UInt16 => new ushort[elements.Length],
            CimType.SInt16 => new short[elements.Length],
            CimType.UInt32 => new uint[elements.Length],
            CimType.SInt32 => new int[elements.Length],
            CimType.UInt64 => new ulong[elements.Length],
            CimType.SInt64 => new long[elements.Length],
            CimType.Real32 => new float[elements.Length],
            CimType.Real64 => new double[elements.Length],
            CimType.Char16 => new char[elements.Length],
            CimType.DateTime => new CimDateTime[elements.Length],
            _ => throw new ArgumentException("An array needs a scalar element type.", nameof(elementType)),
        };
        for (int i = 0; i < elements.Length; i++)
        {
            array.SetValue(elements[i].ToObject(), i);
        }

        return new CimValue(array, elementType.ArrayType());
    }

    private static bool ParseInteger<T>(ReadOnlySpan<char> text, ScalarTag tag, Func<T, long> bits, out CimValue value)
        where T : struct, INumber<T>
    {
        value = default;
        bool hasSign = text.Length > 0 && text[0] is '+' or '-';
        ReadOnlySpan<char> digits = hasSign ? text[1..] : text;
        T number;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            // Read wide, since the bits of a negative number are no hexadecimal form of it.
            if (digits.Length > 18 || !Int128.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out Int128 wide)
                || !TryNarrow(text[0] == '-' ? -wide : wide, out number))
            {
                return false;
            }
        }
        else if (!T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        value = new CimValue(tag, bits(number));
        return true;
    }

    private static bool TryNarrow<T>(Int128 wide, out T number)
        where T : struct, INumber<T>
    {
        number = T.CreateSaturating(wide);
        return Int128.CreateChecked(number) == wide;
    }

    private static bool ParseReal(CimType type, ReadOnlySpan<char> text, out CimValue value)
    {
        double number;
        bool ok = true;
        switch (text)
        {
            case "INF" or "+INF": number = double.PositiveInfinity; break;
            case "-INF": number = double.NegativeInfinity; break;
            case "NaN": number = double.NaN; break;
            default: ok = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number); break;
        }

        value = default;
        return ok && TryMakeReal(type, number, out value);
    }

    /// <summary>A real of either width; false when the number is too large for real32, which would make it infinite.</summary>
    public static bool TryMakeReal(CimType type, double number, out CimValue value)
    {
        bool fits = type == CimType.Real64 || !double.IsFinite(number) || float.IsFinite((float)number);
        value = !fits ? default : type == CimType.Real32 ? (CimValue)(float)number : (CimValue)number;
        return fits;
    }

    private bool TryConvertElements(CimType elementType, out CimValue value)
    {
        var elements = new CimValue[Count];
        for (int i = 0; i < elements.Length; i++)
        {
            if (!this[i].TryConvert(elementType, out elements[i]))
            {
                value = default;
                return false;
            }
        }

        value = FromElements(elementType, elements);
        return true;
    }

    private bool TryConvertNumber(CimType from, CimType type, out CimValue value)
    {
        value = default;
        if (type is CimType.Real32 or CimType.Real64)
        {
            TryGetDouble(out double real);
            return TryMakeReal(type, real, out value);
        }

        Int128 number;
        if (from is CimType.Real32 or CimType.Real64)
        {
            double real = BitConverter.Int64BitsToDouble(_bits);
            if (!double.IsInteger(real) || Math.Abs(real) > 2e19)
            {
                return false;
            }

            number = (Int128)real;
        }
        else
        {
            number = from == CimType.UInt64 ? (Int128)(ulong)_bits : _bits;
        }

        (Int128 low, Int128 high, ScalarTag tag) = type switch
        {
            CimType.UInt8 => ((Int128)byte.MinValue, (Int128)byte.MaxValue, Tags.UInt8),
            CimType.SInt8 => (sbyte.MinValue, sbyte.MaxValue, Tags.SInt8),
            CimType.UInt16 => (ushort.MinValue, ushort.MaxValue, Tags.UInt16),
            CimType.SInt16 => (short.MinValue, short.MaxValue, Tags.SInt16),
            CimType.UInt32 => (uint.MinValue, uint.MaxValue, Tags.UInt32),
            CimType.SInt32 => (int.MinValue, int.MaxValue, Tags.SInt32),
            CimType.UInt64 => (ulong.MinValue, ulong.MaxValue, Tags.UInt64),
            _ => (long.MinValue, long.MaxValue, Tags.SInt64),
        };
        if (number < low || number > high)
        {
            return false;
        }

        value = new CimValue(tag, unchecked((long)(ulong)(UInt128)number));
        return true;
    }
}
