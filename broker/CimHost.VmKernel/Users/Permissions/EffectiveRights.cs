namespace CimHost.VmKernel.Users.Permissions;

/// <summary>
/// What one user may do, worked out of all permissions once at every change, so that a question costs a few comparisons. On each path
/// the user's own permission comes before those of groups, and those of several groups are united; of the paths that a question lies in,
/// the most specific decides alone.
/// </summary>
internal sealed class EffectiveRights
{
    private readonly Entry[] _entries;

    private EffectiveRights(Entry[] entries) => _entries = entries;

    /// <summary>Nothing anywhere.</summary>
    public static EffectiveRights None { get; } = new([]);

    /// <summary>Whether everything is allowed everywhere, unless a path below says otherwise.</summary>
    public bool IsAdministrator => _entries is [.., { Path.IsRoot: true, Below: { } below }] && below == Role.Administrator.Bits;

    /// <summary>Works out what a user may do.</summary>
    public static EffectiveRights Of(string user, IReadOnlySet<string> groups, IReadOnlyList<Permission> permissions, IReadOnlyDictionary<string, Role> roles)
    {
        var entries = new List<Entry>();
        foreach (IGrouping<ObjectPath, Permission> path in permissions.Where(p => p.IsGroup ? groups.Contains(p.Principal) : p.Principal == user).GroupBy(p => p.Path))
        {
            ulong? Bits(bool onlyPropagating)
            {
                List<Permission> all = [.. path.Where(p => p.Propagates || !onlyPropagating)];
                IEnumerable<Permission> deciding = all.Exists(p => !p.IsGroup) ? all.Where(p => !p.IsGroup) : all;
                return all.Count == 0 ? null : deciding.Aggregate(0UL, (bits, p) => bits | roles[p.Role].Bits);
            }

            entries.Add(new Entry(path.Key, Bits(onlyPropagating: false)!.Value, Bits(onlyPropagating: true)));
        }

        return entries.Count == 0 ? None : new EffectiveRights([.. entries.OrderByDescending(e => e.Path.Depth)]);
    }

    /// <summary>The privileges on an object, as bits.</summary>
    public ulong On(ObjectPath path)
    {
        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (!entry.Path.Covers(path))
            {
                continue;
            }

            if (entry.Path.Equals(path))
            {
                return entry.Here;
            }

            if (entry.Below is { } below)
            {
                return below;
            }
        }

        return 0;
    }

    // Here: on the path itself. Below: on what lies below it; null when nothing propagates.
    private readonly record struct Entry(ObjectPath Path, ulong Here, ulong? Below);
}
