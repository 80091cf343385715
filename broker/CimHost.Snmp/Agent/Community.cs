using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>A community as the agent checks it.</summary>
internal sealed class Community
{
    private readonly byte[] _name;
    private readonly IPNetwork[] _sources;

    private Community(byte[] name, AccessRight access, IPNetwork[] sources) => (_name, Access, _sources) = (name, access, sources);

    /// <summary>What it allows.</summary>
    public AccessRight Access { get; }

    /// <summary>The community string.</summary>
    public ReadOnlyMemory<byte> Name => _name;

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says what.</exception>
    public static Community Create(CommunityOptions o)
    {
        byte[] name = Encoding.UTF8.GetBytes(o.Name);
        if (name.Length is 0 or > Messages.CommunityMessage.MaxCommunity)
        {
            throw new FormatException($"{nameof(o.Name)} has 1 to {Messages.CommunityMessage.MaxCommunity} octets");
        }

        IPNetwork[] sources = o.Source.Length == 0
            ? [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]
            : IPNetwork.TryParse(o.Source, out IPNetwork network) ? [network]
            : IPAddress.TryParse(o.Source, out IPAddress? address) ? [new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)]
            : throw new FormatException($"{nameof(o.Source)} is an address or a network such as 10.0.0.0/8, not '{o.Source}'");
        return new Community(name, new AccessRight(SecurityLevel.NoAuthNoPriv, MibView.Create(o.Subtrees), o.Access == CommunityAccess.ReadWrite), sources);
    }

    /// <summary>Whether a message has this community and comes from where it is accepted.</summary>
    public bool Fits(ReadOnlySpan<byte> name, IPAddress from)
    {
        if (!CryptographicOperations.FixedTimeEquals(_name, name))
        {
            return false;
        }

        IPAddress plain = from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from;
        return Array.Exists(_sources, s => s.BaseAddress.AddressFamily == plain.AddressFamily && s.Contains(plain));
    }
}
