namespace CimHost.Snmp.Mib.Tree;

/// <summary>Variables in order, as they were at one moment. Never changes, so that any thread may ask without a lock; nothing is allocated.</summary>
internal sealed class MibTree(Oid[] names, SnmpValue[] values, Func<SnmpValue>?[] live, Oid[] objects, bool[] isTimeStamp)
{
    /// <summary>A tree without variables.</summary>
    public static MibTree Empty { get; } = new([], [], [], [], []);

    /// <summary>Number of variables.</summary>
    public int Count => names.Length;

    /// <summary>A variable by its position.</summary>
    public VarBind this[int position] => new(names[position], ValueAt(position));

    /// <summary>Value of a variable, or noSuchObject or noSuchInstance (RFC 3416 section 4.2.1).</summary>
    public SnmpValue Get(Oid name)
    {
        int position = Array.BinarySearch(names, name);
        return position >= 0 ? ValueAt(position) : ObjectOf(name) >= 0 ? SnmpValue.NoSuchInstance : SnmpValue.NoSuchObject;
    }

    /// <summary>The first variable after a name; false at the end.</summary>
    public bool TryGetNext(Oid after, out VarBind next)
    {
        int position = Array.BinarySearch(names, after);
        position = position >= 0 ? position + 1 : ~position;
        if (position >= names.Length)
        {
            next = default;
            return false;
        }

        next = this[position];
        return true;
    }

    /// <summary>Whether a variable is an instance of an object that is a TimeStamp.</summary>
    public bool IsTimeStamp(Oid name) => ObjectOf(name) is var position and >= 0 && isTimeStamp[position];

    private SnmpValue ValueAt(int position) => live[position] is { } value ? value() : values[position];

    // No object is below another, so the one at or before the name is the only candidate; -1 when it is not it.
    private int ObjectOf(Oid name)
    {
        int position = Array.BinarySearch(objects, name);
        position = position >= 0 ? position : ~position - 1;
        return position >= 0 && name.StartsWith(objects[position]) ? position : -1;
    }
}
