using System.Net;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Agent;

/// <summary>
/// Answers messages of SNMPv1, SNMPv2c and SNMPv3. What is wrong is counted and answered only as the standards allow. One at a time; the
/// buffers are used again and again.
/// </summary>
/// <param name="tree">The variables.</param>
/// <param name="access">Who may ask.</param>
/// <param name="engine">The engine.</param>
/// <param name="maxMessage">Longest message, in octets.</param>
internal sealed class SnmpAgent(IMibTree tree, SnmpAccess access, ISnmpEngineFacts engine, int maxMessage)
{
    private readonly CommunityProcessing _communities = new(access, engine.Counters, new CommandResponder(tree, engine.Counters, maxMessage), maxMessage);
    private readonly UserBasedProcessing _users = new(access, engine, new CommandResponder(tree, engine.Counters, maxMessage), maxMessage);

    /// <summary>Answers a message; empty when there is no answer. What is returned is valid until the next call.</summary>
    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> message, IPAddress from, CancellationToken cancellationToken)
    {
        engine.Counters.Count(SnmpCounter.SnmpInPkts);
        var outer = new BerReader(message.Span);
        if (!outer.TryEnter(BerReader.Sequence, out BerReader inside) || !outer.IsAtEnd || !inside.TryReadInt32(out int version))
        {
            engine.Counters.Count(SnmpCounter.SnmpInASNParseErrs);
            return default;
        }

        switch ((SnmpVersion)version)
        {
            case SnmpVersion.V1 or SnmpVersion.V2c:
                return _communities.AnswerAsync((SnmpVersion)version, inside, from, cancellationToken);
            case SnmpVersion.V3:
                return _users.AnswerAsync(message.Span, inside, cancellationToken);
            default:
                engine.Counters.Count(SnmpCounter.SnmpInBadVersions);
                return default;
        }
    }
}
