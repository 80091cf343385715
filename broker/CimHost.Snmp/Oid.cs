using System.Globalization;

namespace CimHost.Snmp;

/// <summary>
/// An OBJECT IDENTIFIER: up to 128 sub-identifiers of 32 bits (RFC 2578 section 7.1.3). Ordered lexicographically, as GETNEXT walks.
/// </summary>
public readonly struct Oid : IEquatable<Oid>, IComparable<Oid>
{
    /// <summary>Most sub-identifiers that one has.</summary>
    public const int MaxLength = 128;

    private readonly uint[]? _ids;

    /// <summary>Takes sub-identifiers, which must not be changed afterwards.</summary>
    /// <exception cref="ArgumentException">There are more than 128.</exception>
    public Oid(params uint[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Length > MaxLength)
        {
            throw new ArgumentException($"An object identifier has at most {MaxLength} sub-identifiers, not {ids.Length}.", nameof(ids));
        }

        _ids = ids;
    }

    /// <summary>Sub-identifiers.</summary>
    public ReadOnlySpan<uint> Ids => _ids;

    /// <summary>Number of sub-identifiers.</summary>
    public int Length => _ids?.Length ?? 0;

    /// <summary>This one with sub-identifiers appended.</summary>
    public Oid Append(params ReadOnlySpan<uint> ids) => new([.. Ids, .. ids]);

    /// <summary>Whether this one is another or below it.</summary>
    public bool StartsWith(Oid prefix) => Ids.StartsWith(prefix.Ids);

    /// <summary>Reads dotted decimal, with or without a leading dot.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Oid Parse(string text) => TryParse(text, out Oid oid) ? oid : throw new FormatException($"\"{text}\" is not an object identifier in dotted decimal.");

    /// <summary>Reads dotted decimal, with or without a leading dot; false when it is none.</summary>
    public static bool TryParse(string? text, out Oid oid)
    {
        oid = default;
        string trimmed = (text ?? string.Empty).TrimStart('.');
        string[] parts = trimmed.Split('.');
        if (trimmed.Length == 0 || parts.Length > MaxLength)
        {
            return false;
        }

        var ids = new uint[parts.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!uint.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i]))
            {
                return false;
            }
        }

        oid = new Oid(ids);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Oid other) => Ids.SequenceCompareTo(other.Ids);

    /// <inheritdoc/>
    public bool Equals(Oid other) => Ids.SequenceEqual(other.Ids);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Oid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Ids));
        return hash.ToHashCode();
    }

    /// <summary>Dotted decimal without a leading dot.</summary>
    public override string ToString() => string.Join('.', _ids ?? []);

    /// <summary>Same sub-identifiers.</summary>
    public static bool operator ==(Oid left, Oid right) => left.Equals(right);

    /// <summary>Other sub-identifiers.</summary>
    public static bool operator !=(Oid left, Oid right) => !left.Equals(right);

    /// <summary>Before, as GETNEXT walks.</summary>
    public static bool operator <(Oid left, Oid right) => left.CompareTo(right) < 0;

    /// <summary>After, as GETNEXT walks.</summary>
    public static bool operator >(Oid left, Oid right) => left.CompareTo(right) > 0;

    /// <summary>Not after, as GETNEXT walks.</summary>
    public static bool operator <=(Oid left, Oid right) => left.CompareTo(right) <= 0;

    /// <summary>Not before, as GETNEXT walks.</summary>
    public static bool operator >=(Oid left, Oid right) => left.CompareTo(right) >= 0;
}
