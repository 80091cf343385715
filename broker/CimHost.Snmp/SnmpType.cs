namespace CimHost.Snmp;

/// <summary>Type of a value, as its BER tag (RFC 3416 section 3; RFC 2578 section 7.1).</summary>
public enum SnmpType
{
    /// <summary>INTEGER, Integer32.</summary>
    Integer32 = 0x02,

    /// <summary>OCTET STRING.</summary>
    OctetString = 0x04,

    /// <summary>NULL: no value, in requests.</summary>
    Null = 0x05,

    /// <summary>OBJECT IDENTIFIER.</summary>
    ObjectIdentifier = 0x06,

    /// <summary>IpAddress, four octets.</summary>
    IpAddress = 0x40,

    /// <summary>Counter32.</summary>
    Counter32 = 0x41,

    /// <summary>Gauge32, Unsigned32.</summary>
    Gauge32 = 0x42,

    /// <summary>TimeTicks, hundredths of a second.</summary>
    TimeTicks = 0x43,

    /// <summary>Opaque.</summary>
    Opaque = 0x44,

    /// <summary>Counter64; not in SNMPv1.</summary>
    Counter64 = 0x46,

    /// <summary>noSuchObject.</summary>
    NoSuchObject = 0x80,

    /// <summary>noSuchInstance.</summary>
    NoSuchInstance = 0x81,

    /// <summary>endOfMibView.</summary>
    EndOfMibView = 0x82,
}
