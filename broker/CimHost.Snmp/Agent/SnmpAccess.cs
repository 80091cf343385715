using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>Who may ask the agent: communities and users of the configuration.</summary>
public sealed class SnmpAccess : IDisposable
{
    private const int MaxUsers = 1000;

    internal SnmpAccess(IReadOnlyList<Community> communities, IReadOnlyList<SnmpUser> users) => (Communities, Users) = (communities, users);

    /// <summary>Called for each message whose community or digest is wrong.</summary>
    public Action? AuthenticationFailed { get; set; }

    /// <summary>Communities.</summary>
    internal IReadOnlyList<Community> Communities { get; }

    /// <summary>Users.</summary>
    internal IReadOnlyList<SnmpUser> Users { get; }

    /// <summary>What there is to tell of the users: no keys.</summary>
    public IEnumerable<SnmpUserFacts> UserFacts => Users.Select(u => new SnmpUserFacts(
        u.Credentials.Name, u.Credentials.Authentication, u.Credentials.Privacy, u.Access.Level, u.Access.CanWrite ? CommunityAccess.ReadWrite : CommunityAccess.ReadOnly,
        [.. u.Access.View.Subtrees.Select(s => s.ToString())]));

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says where and what, without a secret.</exception>
    public static SnmpAccess Create(SnmpOptions options, ReadOnlyMemory<byte> engineId)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Users.Count > MaxUsers || options.Users.DistinctBy(u => u.Name).Count() != options.Users.Count)
        {
            throw new FormatException($"Snmp:Users: at most {MaxUsers} users, each with a name of its own");
        }

        // Many users often share a password, and each costs the hash of a mebibyte; the keys are forgotten when the users are made.
        var made = new MadeKeys();
        return new SnmpAccess(
            [.. options.Communities.Select((c, i) => Make($"Snmp:Communities:{i}", () => Community.Create(c)))],
            [.. options.Users.Select((u, i) => Make($"Snmp:Users:{i}", () => SnmpUser.Create(u, engineId.Span, made)))]);
    }

    /// <summary>A user by its name as it is sent; null when there is none.</summary>
    internal SnmpUser? User(ReadOnlySpan<byte> name)
    {
        foreach (SnmpUser user in Users)
        {
            if (name.SequenceEqual(user.Credentials.NameOctets))
            {
                return user;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SnmpUser user in Users)
        {
            user.Dispose();
        }
    }

    private static T Make<T>(string key, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (FormatException e)
        {
            throw new FormatException($"{key}: {e.Message}", e);
        }
    }
}
