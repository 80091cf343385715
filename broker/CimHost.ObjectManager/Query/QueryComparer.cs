using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>Compares two values as queries do: numbers by value, text that meets a datetime or a reference as one of these.</summary>
internal static class QueryComparer
{
    /// <summary>Negative, zero or positive; null when the two cannot be compared (NULL, different kinds, NaN).</summary>
    public static int? Compare(CimValue left, CimValue right, StringComparison text)
    {
        if (left.IsNull || right.IsNull)
        {
            return null;
        }

        if (left.TryGetInt64(out long a) && right.TryGetInt64(out long b))
        {
            return a.CompareTo(b);
        }

        if (left.TryGetUInt64(out ulong ua) && right.TryGetUInt64(out ulong ub))
        {
            return ua.CompareTo(ub);
        }

        if (left.TryGetDouble(out double x) && right.TryGetDouble(out double y))
        {
            return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
        }

        return left.Type == right.Type ? CompareSameType(left, right, text) : CompareMixed(left, right, text);
    }

    private static int? CompareSameType(CimValue left, CimValue right, StringComparison text) => left.Type switch
    {
        CimType.String => string.Compare(left.AsString(), right.AsString(), text),
        CimType.Boolean => left.AsBoolean().CompareTo(right.AsBoolean()),
        CimType.DateTime => left.AsDateTime()!.Value.CompareTo(right.AsDateTime()!.Value),
        CimType.Char16 => string.Compare(left.ToString(), right.ToString(), text),
        CimType.Reference => Same(left.AsReference()!, right.AsReference()!) ? 0 : null,
        _ => left.Equals(right) ? 0 : null,
    };

    // Literals are text where the property is a datetime, a char16 or a reference.
    private static int? CompareMixed(CimValue left, CimValue right, StringComparison text)
    {
        if (right.Type == CimType.String && left.Type is CimType.DateTime or CimType.Char16)
        {
            return right.TryConvert(left.Type, out CimValue converted) ? CompareSameType(left, converted, text) : null;
        }

        if (left.Type == CimType.String && right.Type is CimType.DateTime or CimType.Char16)
        {
            return left.TryConvert(right.Type, out CimValue converted) ? CompareSameType(converted, right, text) : null;
        }

        // WQL has no literal for numbers in text; clients write WHERE Flag = 1 and WHERE Number = '5' all the same.
        if (left.Type == CimType.String || right.Type == CimType.String)
        {
            (CimValue word, CimValue other) = left.Type == CimType.String ? (left, right) : (right, left);
            if (other.Type.IsNumeric() || other.Type == CimType.Boolean)
            {
                return word.TryConvert(other.Type, out CimValue converted)
                    ? left.Type == CimType.String ? Compare(converted, right, text) : Compare(left, converted, text)
                    : null;
            }

            return other.AsReference() is { } reference && CimObjectPath.TryParse(word.AsString()!, out CimObjectPath? path) && Same(reference, path!) ? 0 : null;
        }

        return null;
    }

    /// <summary>
    /// An order of all values, for ORDER BY: NULL, numbers, text, then the other types. Arrays and embedded objects have no
    /// order among themselves.
    /// </summary>
    public static int Order(CimValue left, CimValue right)
    {
        int byKind = Rank(left).CompareTo(Rank(right));
        if (byKind != 0 || left.IsNull)
        {
            return byKind;
        }

        // Reals that round the same stand behind the integers, which differ among themselves: so every three values agree on their order.
        if (left.TryGetDouble(out double x) && right.TryGetDouble(out double y))
        {
            int byValue = x.CompareTo(y);
            int byType = right.Type.IsInteger().CompareTo(left.Type.IsInteger());
            return byValue != 0 ? byValue : byType != 0 || !left.Type.IsInteger() ? byType : Compare(left, right, StringComparison.Ordinal) ?? 0;
        }

        return left.Type == CimType.Reference
            ? string.CompareOrdinal(left.ToString(), right.ToString())
            : left.Type == right.Type ? CompareSameType(left, right, StringComparison.Ordinal) ?? 0 : 0;
    }

    private static int Rank(CimValue value) => value.Type switch
    {
        CimType.Unknown => -1,
        CimType.String => 1,
        CimType.Boolean => 2,
        CimType.DateTime => 3,
        CimType.Char16 => 4,
        CimType.Reference => 5,
        CimType type => type.IsNumeric() ? 0 : 6,
    };

    // Where one of the paths says no namespace it means the one at hand.
    private static bool Same(CimObjectPath a, CimObjectPath b) =>
        string.Equals(a.ClassName, b.ClassName, StringComparison.OrdinalIgnoreCase)
        && a.KeyString == b.KeyString
        && (a.Namespace is null || b.Namespace is null || string.Equals(a.Namespace, b.Namespace, StringComparison.OrdinalIgnoreCase));
}
