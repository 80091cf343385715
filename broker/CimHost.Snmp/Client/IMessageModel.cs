using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;

namespace CimHost.Snmp.Client;

/// <summary>What is around a PDU on its way to another engine: a community, or the security of a user.</summary>
internal interface IMessageModel
{
    /// <summary>Version of the messages.</summary>
    SnmpVersion Version { get; }

    /// <summary>Most octets that it puts around a list of variable bindings.</summary>
    int Overhead { get; }

    /// <summary>Writes a request: its PDU with everything around it; or, before that can be, what asks for what is missing.</summary>
    void Write(BerBuffer buffer, PduType type, int requestId, int status, int index, IReadOnlyList<VarBind> variables);

    /// <summary>Reads what came back.</summary>
    /// <param name="message">The message.</param>
    /// <param name="requestId">Number of the request.</param>
    /// <param name="pdu">Where the answer's PDU is put.</param>
    /// <param name="reason">Why it is refused.</param>
    Reception Read(ReadOnlySpan<byte> message, int requestId, Pdu pdu, out string reason);
}
