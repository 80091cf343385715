namespace CimHost.Snmp.Agent;

/// <summary>Who may ask the agent: communities and users of the configuration.</summary>
internal sealed class SnmpAccess(IReadOnlyList<Community> communities, IReadOnlyList<SnmpUser> users) : IDisposable
{
    private const int MaxUsers = 1000;

    /// <summary>Communities.</summary>
    public IReadOnlyList<Community> Communities => communities;

    /// <summary>Users.</summary>
    public IReadOnlyList<SnmpUser> Users => users;

    /// <summary>Called for each message whose community or digest is wrong.</summary>
    public Action? AuthenticationFailed { get; set; }

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says where and what, without a secret.</exception>
    public static SnmpAccess Create(SnmpOptions options, ReadOnlyMemory<byte> engineId)
    {
        if (options.Users.Count > MaxUsers || options.Users.DistinctBy(u => u.Name).Count() != options.Users.Count)
        {
            throw new FormatException($"Snmp:Users: at most {MaxUsers} users, each with a name of its own");
        }

        return new SnmpAccess(
            [.. options.Communities.Select((c, i) => Make($"Snmp:Communities:{i}", () => Community.Create(c)))],
            [.. options.Users.Select((u, i) => Make($"Snmp:Users:{i}", () => SnmpUser.Create(u, engineId.Span)))]);
    }

    /// <summary>A user by its name as it is sent; null when there is none.</summary>
    public SnmpUser? User(ReadOnlySpan<byte> name)
    {
        foreach (SnmpUser user in users)
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
        foreach (SnmpUser user in users)
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
