using System.Net;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>Messages of SNMPv1 and SNMPv2c (RFC 1157 section 4.1, RFC 3584 section 5).</summary>
internal sealed class CommunityProcessing(SnmpAccess access, SnmpCounters counters, CommandResponder responder, int maxMessage)
{
    /// <summary>Answers what follows the version of a message; empty when there is no answer.</summary>
    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(SnmpVersion version, BerReader message, IPAddress from, CancellationToken cancellationToken)
    {
        if (!message.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> name) || name.Length > CommunityMessage.MaxCommunity)
        {
            counters.Count(SnmpCounter.SnmpInASNParseErrs);
            return default;
        }

        // Who asks is found out before the rest is looked at.
        if (Find(name, from) is not { } community)
        {
            counters.Count(SnmpCounter.SnmpInBadCommunityNames);
            access.AuthenticationFailed?.Invoke();
            return default;
        }

        return responder.TryRead(message.Rest) && responder.IsServed(version) ? RespondAsync(version, community, cancellationToken) : default;
    }

    private async ValueTask<ReadOnlyMemory<byte>> RespondAsync(SnmpVersion version, Community community, CancellationToken cancellationToken)
    {
        int limit = maxMessage - CommunityMessage.Overhead - community.Name.Length;
        if (!await responder.RespondAsync(version, community.Access, SecurityLevel.NoAuthNoPriv, limit, cancellationToken))
        {
            return default;
        }

        CommunityMessage.Wrap(responder.Buffer, version, community.Name.Span);
        counters.Count(SnmpCounter.SnmpOutPkts);
        return responder.Buffer.Written;
    }

    private Community? Find(ReadOnlySpan<byte> name, IPAddress from)
    {
        foreach (Community candidate in access.Communities)
        {
            if (candidate.Fits(name, from))
            {
                return candidate;
            }
        }

        return null;
    }
}
