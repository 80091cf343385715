using System.Text;

namespace CimHost.Snmp;

/// <summary>A value of a variable binding.</summary>
public readonly struct SnmpValue : IEquatable<SnmpValue>
{
    private readonly ulong _number;
    private readonly object? _content;

    private SnmpValue(SnmpType type, ulong number, object? content = null)
    {
        Type = type;
        _number = number;
        _content = content;
    }

    /// <summary>Type.</summary>
    public SnmpType Type { get; }

    /// <summary>An Integer32.</summary>
    public int Int32 => (int)_number;

    /// <summary>A Counter32, Gauge32, TimeTicks or Counter64.</summary>
    public ulong Unsigned => _number;

    /// <summary>Octets of an OCTET STRING, IpAddress or Opaque.</summary>
    public ReadOnlyMemory<byte> Octets => _content as byte[];

    /// <summary>An OBJECT IDENTIFIER.</summary>
    public Oid Oid => _content is uint[] ids ? new Oid(ids) : default;

    /// <summary>NULL.</summary>
    public static SnmpValue Null { get; } = new(SnmpType.Null, 0);

    /// <summary>noSuchObject.</summary>
    public static SnmpValue NoSuchObject { get; } = new(SnmpType.NoSuchObject, 0);

    /// <summary>noSuchInstance.</summary>
    public static SnmpValue NoSuchInstance { get; } = new(SnmpType.NoSuchInstance, 0);

    /// <summary>endOfMibView.</summary>
    public static SnmpValue EndOfMibView { get; } = new(SnmpType.EndOfMibView, 0);

    /// <summary>An Integer32.</summary>
    public static SnmpValue Integer(int value) => new(SnmpType.Integer32, (ulong)(long)value);

    /// <summary>An OCTET STRING; the octets must not be changed afterwards.</summary>
    public static SnmpValue OctetString(byte[] octets) => new(SnmpType.OctetString, 0, octets);

    /// <summary>An OCTET STRING of text in UTF-8.</summary>
    public static SnmpValue Text(string text) => new(SnmpType.OctetString, 0, Encoding.UTF8.GetBytes(text));

    /// <summary>An OBJECT IDENTIFIER.</summary>
    public static SnmpValue ObjectIdentifier(Oid oid) => new(SnmpType.ObjectIdentifier, 0, oid.Ids.ToArray());

    /// <summary>An IpAddress of four octets.</summary>
    public static SnmpValue IpAddress(byte[] octets) => new(SnmpType.IpAddress, 0, octets);

    /// <summary>A Counter32.</summary>
    public static SnmpValue Counter32(uint value) => new(SnmpType.Counter32, value);

    /// <summary>A Gauge32 or Unsigned32.</summary>
    public static SnmpValue Gauge32(uint value) => new(SnmpType.Gauge32, value);

    /// <summary>TimeTicks, hundredths of a second.</summary>
    public static SnmpValue TimeTicks(uint value) => new(SnmpType.TimeTicks, value);

    /// <summary>An Opaque; the octets must not be changed afterwards.</summary>
    public static SnmpValue Opaque(byte[] octets) => new(SnmpType.Opaque, 0, octets);

    /// <summary>A Counter64.</summary>
    public static SnmpValue Counter64(ulong value) => new(SnmpType.Counter64, value);

    /// <inheritdoc/>
    public bool Equals(SnmpValue other) =>
        Type == other.Type && _number == other._number && (_content, other._content) switch
        {
            (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
            (uint[] a, uint[] b) => a.AsSpan().SequenceEqual(b),
            (null, null) => true,
            _ => false,
        };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SnmpValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, _number, (_content as Array)?.Length);

    /// <summary>Same type and content.</summary>
    public static bool operator ==(SnmpValue left, SnmpValue right) => left.Equals(right);

    /// <summary>Another type or content.</summary>
    public static bool operator !=(SnmpValue left, SnmpValue right) => !left.Equals(right);
}
