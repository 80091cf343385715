namespace CimHost.Snmp;

/// <summary>What the engine counts, as Counter32s that begin at 0 and wrap; may be read and counted from any thread.</summary>
public sealed class SnmpCounters
{
    // In the order of the enumeration.
    private static readonly Oid[] s_names =
    [
        Oid.Parse("1.3.6.1.2.1.11.1.0"),
        Oid.Parse("1.3.6.1.2.1.11.2.0"),
        Oid.Parse("1.3.6.1.2.1.11.3.0"),
        Oid.Parse("1.3.6.1.2.1.11.4.0"),
        Oid.Parse("1.3.6.1.2.1.11.5.0"),
        Oid.Parse("1.3.6.1.2.1.11.6.0"),
        Oid.Parse("1.3.6.1.2.1.11.8.0"),
        Oid.Parse("1.3.6.1.2.1.11.9.0"),
        Oid.Parse("1.3.6.1.2.1.11.10.0"),
        Oid.Parse("1.3.6.1.2.1.11.11.0"),
        Oid.Parse("1.3.6.1.2.1.11.12.0"),
        Oid.Parse("1.3.6.1.2.1.11.13.0"),
        Oid.Parse("1.3.6.1.2.1.11.14.0"),
        Oid.Parse("1.3.6.1.2.1.11.15.0"),
        Oid.Parse("1.3.6.1.2.1.11.16.0"),
        Oid.Parse("1.3.6.1.2.1.11.17.0"),
        Oid.Parse("1.3.6.1.2.1.11.18.0"),
        Oid.Parse("1.3.6.1.2.1.11.19.0"),
        Oid.Parse("1.3.6.1.2.1.11.20.0"),
        Oid.Parse("1.3.6.1.2.1.11.21.0"),
        Oid.Parse("1.3.6.1.2.1.11.22.0"),
        Oid.Parse("1.3.6.1.2.1.11.24.0"),
        Oid.Parse("1.3.6.1.2.1.11.25.0"),
        Oid.Parse("1.3.6.1.2.1.11.26.0"),
        Oid.Parse("1.3.6.1.2.1.11.27.0"),
        Oid.Parse("1.3.6.1.2.1.11.28.0"),
        Oid.Parse("1.3.6.1.2.1.11.29.0"),
        Oid.Parse("1.3.6.1.2.1.11.31.0"),
        Oid.Parse("1.3.6.1.2.1.11.32.0"),
        Oid.Parse("1.3.6.1.6.3.11.2.1.1.0"),
        Oid.Parse("1.3.6.1.6.3.11.2.1.2.0"),
        Oid.Parse("1.3.6.1.6.3.11.2.1.3.0"),
        Oid.Parse("1.3.6.1.6.3.12.1.4.0"),
        Oid.Parse("1.3.6.1.6.3.12.1.5.0"),
        Oid.Parse("1.3.6.1.6.3.15.1.1.1.0"),
        Oid.Parse("1.3.6.1.6.3.15.1.1.2.0"),
        Oid.Parse("1.3.6.1.6.3.15.1.1.3.0"),
        Oid.Parse("1.3.6.1.6.3.15.1.1.4.0"),
        Oid.Parse("1.3.6.1.6.3.15.1.1.5.0"),
        Oid.Parse("1.3.6.1.6.3.15.1.1.6.0"),
    ];

    private readonly uint[] _values = new uint[s_names.Length];

    /// <summary>A counter's value.</summary>
    public uint this[SnmpCounter counter] => Volatile.Read(ref _values[(int)counter]);

    /// <summary>Name of the variable that shows a counter, with its instance 0.</summary>
    public static Oid NameOf(SnmpCounter counter) => s_names[(int)counter];

    /// <summary>Counts one.</summary>
    /// <returns>The value after that.</returns>
    public uint Count(SnmpCounter counter) => Interlocked.Increment(ref _values[(int)counter]);

    /// <summary>Counts several.</summary>
    public void Add(SnmpCounter counter, int count) => Interlocked.Add(ref _values[(int)counter], (uint)count);
}
