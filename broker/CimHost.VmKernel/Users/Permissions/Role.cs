using System.Collections.Immutable;

namespace CimHost.VmKernel.Users.Permissions;

/// <summary>A named set of privileges.</summary>
public sealed class Role
{
    /// <summary>Longest name.</summary>
    public const int MaxNameLength = 80;

    internal Role(string name, IEnumerable<Privilege> privileges, bool isBuiltIn = false)
    {
        Name = name;
        Privileges = [.. privileges.Distinct().OrderBy(p => p.Bit)];
        Bits = Privileges.Aggregate(0UL, static (bits, p) => bits | p.Bit);
        IsBuiltIn = isBuiltIn;
    }

    /// <summary>Everything.</summary>
    public static Role Administrator { get; } = new("Administrator", Privilege.All, isBuiltIn: true);

    /// <summary>Reads everything and changes nothing.</summary>
    public static Role ReadOnly { get; } = new(
        "ReadOnly",
        [Privilege.SystemView, Privilege.SystemRead, Privilege.CimRead, Privilege.SnmpRead, Privilege.FilesRead, Privilege.DatastoreBrowse],
        isBuiltIn: true);

    /// <summary>Nothing; on a path below one that allows something, it takes that away.</summary>
    public static Role NoAccess { get; } = new("NoAccess", [], isBuiltIn: true);

    /// <summary>Reads through CIM and SNMP and invokes CIM methods.</summary>
    public static Role CimOperator { get; } = new(
        "CimOperator",
        [Privilege.SystemView, Privilege.SystemRead, Privilege.CimRead, Privilege.CimMethod, Privilege.SnmpRead],
        isBuiltIn: true);

    /// <summary>The roles that are always there.</summary>
    public static IReadOnlyList<Role> BuiltIn { get; } = [Administrator, ReadOnly, NoAccess, CimOperator];

    /// <summary>Name; unique in any case.</summary>
    public string Name { get; }

    /// <summary>What it allows.</summary>
    public ImmutableArray<Privilege> Privileges { get; }

    /// <summary>Whether it is always there and cannot be changed.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>The privileges as a set.</summary>
    internal ulong Bits { get; }

    /// <summary>Whether a text can be the name of a role: letters, digits, blanks, '.', '_', '-', and no blank at an end.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.Trim() == name && name.All(static c => char.IsLetterOrDigit(c) || c is ' ' or '.' or '_' or '-');
}
