namespace CimHost.Snmp.Security;

/// <summary>Privacy protocol of the user-based security model.</summary>
public enum PrivacyProtocol
{
    /// <summary>None: messages are not encrypted.</summary>
    None,

    /// <summary>DES in CBC mode (RFC 3414 section 8); broken by brute force long ago, for old devices only.</summary>
    Des,

    /// <summary>AES-128 in CFB mode (RFC 3826).</summary>
    Aes128,

    /// <summary>AES-192 in CFB mode; short keys are extended as draft-blumenthal-aes-usm-04 section 3.1.2.1 says, which is what net-snmp calls AES-192.</summary>
    Aes192,

    /// <summary>AES-256 in CFB mode; short keys are extended as draft-blumenthal-aes-usm-04 section 3.1.2.1 says, which is what net-snmp calls AES-256.</summary>
    Aes256,

    /// <summary>AES-192 in CFB mode; short keys are extended as draft-reeder-snmpv3-usm-3desede-00 section 2.1 says, as Cisco's devices do.</summary>
    Aes192C,

    /// <summary>AES-256 in CFB mode; short keys are extended as draft-reeder-snmpv3-usm-3desede-00 section 2.1 says, as Cisco's devices do.</summary>
    Aes256C,
}
