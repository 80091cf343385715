namespace CimHost.Snmp.Mib.Definition;

/// <summary>A table as the MIB's text shows it.</summary>
internal interface IMibTable : IMibNode
{
    /// <summary>Names of the columns that identify a row, in order. They may be of another table.</summary>
    IReadOnlyList<string> Indexes { get; }
}
