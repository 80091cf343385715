using System.Text;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;

namespace CimHost.Snmp.Client;

/// <summary>Messages of SNMPv1 and SNMPv2c.</summary>
internal sealed class CommunityModel : IMessageModel
{
    private readonly SnmpVersion _version;
    private readonly byte[] _community;

    /// <summary>Messages with a community.</summary>
    /// <exception cref="FormatException">The community is too long or empty.</exception>
    public CommunityModel(SnmpVersion version, string community)
    {
        (_version, _community) = (version, Encoding.UTF8.GetBytes(community));
        if (_community.Length is 0 or > CommunityMessage.MaxCommunity)
        {
            throw new FormatException($"a community has 1 to {CommunityMessage.MaxCommunity} octets");
        }
    }

    /// <inheritdoc/>
    public SnmpVersion Version => _version;

    /// <inheritdoc/>
    public int Overhead => CommunityMessage.Overhead + _community.Length;

    /// <inheritdoc/>
    public void Write(BerBuffer buffer, PduType type, int requestId, int status, int index, IReadOnlyList<VarBind> variables)
    {
        SnmpClient.Append(buffer, variables);
        Pdu.WriteHead(buffer, type, requestId, status, index);
        Wrap(buffer);
    }

    /// <summary>Puts version and community before the PDU that a buffer holds.</summary>
    public void Wrap(BerBuffer buffer) => CommunityMessage.Wrap(buffer, _version, _community);

    /// <inheritdoc/>
    public Reception Read(ReadOnlySpan<byte> message, int requestId, Pdu pdu, out string reason)
    {
        reason = string.Empty;
        var outer = new BerReader(message);
        return outer.TryEnter(BerReader.Sequence, out BerReader inside) && inside.TryReadInt32(out int version) && version == (int)_version
            && inside.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> community) && community.SequenceEqual(_community)
            && pdu.TryRead(inside.Rest) && pdu.Type == PduType.Response && pdu.RequestId == requestId
            ? Reception.Answer
            : Reception.Ignored;
    }
}
