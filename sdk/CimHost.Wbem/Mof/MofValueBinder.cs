using System.Globalization;
using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>Gives written values the type of what they are given to.</summary>
internal static class MofValueBinder
{
    /// <summary>A value of a scalar or array type.</summary>
    /// <exception cref="MofSyntaxException">The value does not fit.</exception>
    public static CimValue Bind(MofValue value, CimType type, Func<MofValue, CimType, CimValue>? bindSpecial = null)
    {
        if (value.Kind == MofValueKind.Null)
        {
            return default;
        }

        if (!type.IsArray())
        {
            return value.Kind == MofValueKind.Array
                ? throw new MofSyntaxException(value.Position, $"expected one value of type {type.ElementName()}, found a list")
                : Scalar(value, type, bindSpecial);
        }

        // One value for an array is a list of one; the DMTF schema itself writes qualifiers so.
        IReadOnlyList<MofValue> items = value.Kind == MofValueKind.Array ? value.Items! : [value];
        var elements = new CimValue[items.Count];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = items[i].Kind switch
            {
                MofValueKind.Null => default,
                MofValueKind.Array => throw new MofSyntaxException(items[i].Position, "a list cannot hold a list"),
                _ => Scalar(items[i], type.ElementType(), bindSpecial),
            };
        }

        return CimValue.FromElements(type.ElementType(), elements);
    }

    private static CimValue Scalar(MofValue value, CimType type, Func<MofValue, CimType, CimValue>? bindSpecial)
    {
        switch (type)
        {
            case CimType.Reference or CimType.Instance:
                return bindSpecial is not null ? bindSpecial(value, type) : throw Mismatch(value, type);
            case CimType.String when value.Kind == MofValueKind.Text:
                return value.Text;
            case CimType.Boolean when value.Kind == MofValueKind.Boolean:
                return value.Text.Length == 4;
            case CimType.Char16 when value.Kind == MofValueKind.Character:
                return value.Text[0];
            case CimType.Char16 when value.Kind == MofValueKind.Integer && TryInteger(value.Text, out Int128 code) && code >= 0 && code <= char.MaxValue:
                return (char)code;
            case CimType.DateTime when value.Kind == MofValueKind.Text:
                return CimDateTime.TryParse(value.Text, out CimDateTime time)
                    ? time
                    : throw new MofSyntaxException(value.Position, $"\"{value.Text}\" is no datetime; expected yyyymmddhhmmss.mmmmmm+utc or ddddddddhhmmss.mmmmmm:000");
            case CimType.Real32 or CimType.Real64 when value.Kind is MofValueKind.Real or MofValueKind.Integer:
                return Real(value, type);
        }

        return type.IsInteger() && value.Kind == MofValueKind.Integer ? Integer(value, type) : throw Mismatch(value, type);
    }

    // An integer may stand for a real, in any of its notations.
    private static CimValue Real(MofValue value, CimType type)
    {
        double number;
        if (value.Kind == MofValueKind.Integer && TryInteger(value.Text, out Int128 integer))
        {
            number = (double)integer;
        }
        else if (!double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            throw new MofSyntaxException(value.Position, $"'{value.Text}' is no number");
        }

        return double.IsFinite(number) && CimValue.TryMakeReal(type, number, out CimValue real)
            ? real
            : throw new MofSyntaxException(value.Position, $"{value.Text} does not fit into {type.ElementName()}");
    }

    private static CimValue Integer(MofValue value, CimType type)
    {
        if (!TryInteger(value.Text, out Int128 number))
        {
            throw new MofSyntaxException(value.Position, $"'{value.Text}' is no integer; expected decimal, 0x hexadecimal, 0 octal or binary with a final b");
        }

        CimValue wide = number > long.MaxValue ? (ulong)UInt128.Min((UInt128)number, ulong.MaxValue) : (long)Int128.Max(number, long.MinValue);
        return number <= ulong.MaxValue && number >= long.MinValue && wide.TryConvert(type, out CimValue converted)
            ? converted
            : throw new MofSyntaxException(value.Position, $"{value.Text} does not fit into {type.ElementName()}");
    }

    /// <summary>The four notations of DSP0004 Annex A: decimal, hexadecimal (0x), octal (leading 0) and binary (final b).</summary>
    public static bool TryInteger(string text, out Int128 value)
    {
        value = 0;
        bool negative = text[0] == '-';
        ReadOnlySpan<char> digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        int radix = 10;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            radix = 16;
            digits = digits[2..];
        }
        else if (digits.Length > 1 && digits[^1] is 'b' or 'B')
        {
            radix = 2;
            digits = digits[..^1];
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            radix = 8;
            digits = digits[1..];
        }

        if (digits.IsEmpty || digits.Length > 70)
        {
            return false;
        }

        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : int.MaxValue;
            if (digit >= radix || value > ulong.MaxValue)
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        value = negative ? -value : value;
        return true;
    }

    private static MofSyntaxException Mismatch(MofValue value, CimType type)
    {
        string found = value.Kind switch
        {
            MofValueKind.Text => "a string",
            MofValueKind.Boolean => "a boolean",
            MofValueKind.Character => "a character",
            MofValueKind.Alias => "an alias",
            _ => "the number " + value.Text,
        };
        return new MofSyntaxException(value.Position, $"expected a value of type {type.ElementName()}, found {found}");
    }
}
