using System.Text;

namespace CimHost.Snmp.Security;

/// <summary>Keys that were made of passwords, while many users are made: the same password with the same hash function gives the same key.</summary>
internal sealed class MadeKeys
{
    private readonly Dictionary<(AuthenticationProtocol Protocol, string Password), byte[]> _keys = [];

    /// <summary>The key of a password (<see cref="KeyDerivation.FromPassword"/>).</summary>
    public byte[] Of(AuthenticationProtocol protocol, byte[] password)
    {
        (AuthenticationProtocol, string) which = (protocol, Encoding.UTF8.GetString(password));
        return _keys.TryGetValue(which, out byte[]? key) ? key : _keys[which] = KeyDerivation.FromPassword(protocol, password);
    }
}
