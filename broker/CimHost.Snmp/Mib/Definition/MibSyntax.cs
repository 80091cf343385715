namespace CimHost.Snmp.Mib.Definition;

/// <summary>SYNTAX of an object: how a MIB writes it and what goes over the wire.</summary>
/// <param name="Name">Name of the type, as "Integer32" or "INTEGER".</param>
/// <param name="Type">Type on the wire.</param>
/// <param name="Module">Module to import the name from; empty for the types of ASN.1.</param>
/// <param name="Refinement">Range, size or enumeration behind the name, as "(0..100)"; empty when there is none.</param>
internal sealed record MibSyntax(string Name, SnmpType Type, string Module = "", string Refinement = "")
{
    private const string Smi = "SNMPv2-SMI";
    private const string Conventions = "SNMPv2-TC";

    /// <summary>A signed number of 32 bits.</summary>
    public static MibSyntax Integer32 { get; } = new("Integer32", SnmpType.Integer32, Smi);

    /// <summary>A small number that identifies a row.</summary>
    public static MibSyntax Index { get; } = Integer32 with { Refinement = "(1..2147483647)" };

    /// <summary>A row of another table, or none.</summary>
    public static MibSyntax IndexOrZero { get; } = Integer32 with { Refinement = "(0..2147483647)" };

    /// <summary>A number from 0.</summary>
    public static MibSyntax Unsigned32 { get; } = new("Unsigned32", SnmpType.Gauge32, Smi);

    /// <summary>A number that goes up and down.</summary>
    public static MibSyntax Gauge32 { get; } = new("Gauge32", SnmpType.Gauge32, Smi);

    /// <summary>A number that only goes up, and wraps.</summary>
    public static MibSyntax Counter32 { get; } = new("Counter32", SnmpType.Counter32, Smi);

    /// <summary>A number of 64 bits that only goes up.</summary>
    public static MibSyntax Counter64 { get; } = new("Counter64", SnmpType.Counter64, Smi);

    /// <summary>A number of 64 bits that goes up and down (RFC 2856).</summary>
    public static MibSyntax Gauge64 { get; } = new("CounterBasedGauge64", SnmpType.Counter64, "HCNUM-TC");

    /// <summary>Hundredths of a second.</summary>
    public static MibSyntax TimeTicks { get; } = new("TimeTicks", SnmpType.TimeTicks, Smi);

    /// <summary>sysUpTime when something happened.</summary>
    public static MibSyntax TimeStamp { get; } = new("TimeStamp", SnmpType.TimeTicks, Conventions);

    /// <summary>A span in hundredths of a second.</summary>
    public static MibSyntax TimeInterval { get; } = new("TimeInterval", SnmpType.Integer32, Conventions);

    /// <summary>Text in UTF-8.</summary>
    public static MibSyntax AdminString { get; } = new("SnmpAdminString", SnmpType.OctetString, "SNMP-FRAMEWORK-MIB");

    /// <summary>Text in ASCII.</summary>
    public static MibSyntax DisplayString { get; } = new("DisplayString", SnmpType.OctetString, Conventions);

    /// <summary>true(1) or false(2).</summary>
    public static MibSyntax TruthValue { get; } = new("TruthValue", SnmpType.Integer32, Conventions);

    /// <summary>Date and time with time zone.</summary>
    public static MibSyntax DateAndTime { get; } = new("DateAndTime", SnmpType.OctetString, Conventions);

    /// <summary>Address of a network port.</summary>
    public static MibSyntax PhysAddress { get; } = new("PhysAddress", SnmpType.OctetString, Conventions);

    /// <summary>A name that stands for a kind of thing.</summary>
    public static MibSyntax AutonomousType { get; } = new("AutonomousType", SnmpType.ObjectIdentifier, Conventions);

    /// <summary>The first column of a row.</summary>
    public static MibSyntax RowPointer { get; } = new("RowPointer", SnmpType.ObjectIdentifier, Conventions);

    /// <summary>Octets.</summary>
    public static MibSyntax Octets { get; } = new("OCTET STRING", SnmpType.OctetString);

    /// <summary>An object identifier.</summary>
    public static MibSyntax ObjectIdentifier { get; } = new("OBJECT IDENTIFIER", SnmpType.ObjectIdentifier);

    /// <summary>One of some values with names.</summary>
    public static MibSyntax Enumeration(params ReadOnlySpan<(string Name, int Value)> values)
    {
        var parts = new List<string>();
        foreach ((string name, int value) in values)
        {
            parts.Add($"{name}({value})");
        }

        return new MibSyntax("INTEGER", SnmpType.Integer32, string.Empty, $" {{ {string.Join(", ", parts)} }}");
    }

    /// <summary>This one with a range.</summary>
    public MibSyntax Range(long from, long to) => this with { Refinement = $"({from}..{to})" };

    /// <summary>This one with a size in octets.</summary>
    public MibSyntax Size(int from, int to) => this with { Refinement = $"(SIZE({from}..{to}))" };

    /// <summary>A type of another module.</summary>
    public static MibSyntax Of(string module, string name, SnmpType type) => new(name, type, module);

    /// <inheritdoc/>
    public override string ToString() => Refinement.StartsWith('(') ? $"{Name} {Refinement}" : Name + Refinement;
}
