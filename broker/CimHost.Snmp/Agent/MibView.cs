using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Agent;

/// <summary>The part of the variables that somebody sees (RFC 3415 section 2.4): everything, or some subtrees.</summary>
internal sealed class MibView
{
    private readonly Oid[] _subtrees;

    private MibView(Oid[] subtrees) => _subtrees = subtrees;

    /// <summary>Everything.</summary>
    public static MibView Everything { get; } = new([]);

    /// <summary>The subtrees, in order; none for everything.</summary>
    public IReadOnlyList<Oid> Subtrees => _subtrees;

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">A subtree is none.</exception>
    public static MibView Create(IReadOnlyList<string> subtrees)
    {
        var sorted = new SortedSet<Oid>(subtrees.Select(s => Oid.TryParse(s, out Oid oid) ? oid : throw new FormatException($"Subtrees has object identifiers such as 1.3.6.1.2.1, not '{s}'")));

        // One below another adds nothing.
        return sorted.Count == 0 ? Everything : new MibView([.. sorted.Where(s => !sorted.Any(o => o != s && s.StartsWith(o)))]);
    }

    /// <summary>Whether a variable is in it.</summary>
    public bool Contains(Oid name)
    {
        if (_subtrees.Length == 0)
        {
            return true;
        }

        foreach (Oid subtree in _subtrees)
        {
            if (name.StartsWith(subtree))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first variable of a tree after a name that is in the view; false at the end.</summary>
    public bool TryGetNext(IMibTree tree, Oid after, out VarBind next)
    {
        if (_subtrees.Length == 0)
        {
            return tree.TryGetNext(after, out next);
        }

        foreach (Oid subtree in _subtrees)
        {
            // Subtrees that are passed already have nothing more to give.
            if (after > subtree && !after.StartsWith(subtree))
            {
                continue;
            }

            if (after < subtree && tree.Get(subtree) is { Type: not (SnmpType.NoSuchObject or SnmpType.NoSuchInstance) } value)
            {
                next = new VarBind(subtree, value);
                return true;
            }

            if (tree.TryGetNext(after < subtree ? subtree : after, out next) && next.Name.StartsWith(subtree))
            {
                return true;
            }
        }

        next = default;
        return false;
    }
}
