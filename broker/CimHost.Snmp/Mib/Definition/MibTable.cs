using CimHost.Snmp.Mib.Model;
using CimHost.Snmp.Mib.Tree;

namespace CimHost.Snmp.Mib.Definition;

/// <summary>A conceptual table (RFC 2578 section 7.1.12). Columns are below TABLE.1, instances below them by the row's index.</summary>
/// <typeparam name="TRow">What a row is made of.</typeparam>
internal sealed class MibTable<TRow> : IMibTable
{
    private readonly Func<MachineView, IEnumerable<TRow>> _rows;
    private readonly Func<TRow, uint[]> _index;
    private readonly List<(MibObject Object, Func<TRow, SnmpValue?> Value)> _columns = [];

    /// <summary>A table without columns yet.</summary>
    /// <param name="oid">Name of the table.</param>
    /// <param name="name">Descriptor, ending in "Table".</param>
    /// <param name="indexes">Names of the columns that identify a row.</param>
    /// <param name="rows">The rows, in any order.</param>
    /// <param name="index">Sub-identifiers of a row.</param>
    /// <param name="description">DESCRIPTION.</param>
    public MibTable(Oid oid, string name, IReadOnlyList<string> indexes, Func<MachineView, IEnumerable<TRow>> rows, Func<TRow, uint[]> index, string description = "")
    {
        (Oid, Name, Indexes, _rows, _index, Description) = (oid, name, indexes, rows, index, description);
    }

    /// <inheritdoc/>
    public Oid Oid { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Indexes { get; }

    /// <inheritdoc/>
    public IEnumerable<MibObject> Objects => _columns.Select(c => c.Object);

    /// <summary>Adds a column. Where a row has no value (null) there is no instance.</summary>
    public MibTable<TRow> Column(
        uint number, string name, MibSyntax syntax, Func<TRow, SnmpValue?> value, string description = "", string units = "", MibAccess access = MibAccess.ReadOnly)
    {
        _columns.Add((new MibObject(Oid.Append(1, number), name, syntax, access, description, units), value));
        return this;
    }

    /// <summary>Adds an index that is told by the names of the other columns only.</summary>
    public MibTable<TRow> IndexColumn(uint number, string name, MibSyntax syntax, string description = "") =>
        Column(number, name, syntax, static _ => null, description, access: MibAccess.NotAccessible);

    /// <inheritdoc/>
    public void AddTo(MibTreeBuilder tree, MachineView machine)
    {
        foreach (TRow row in _rows(machine))
        {
            uint[] index = _index(row);
            foreach ((MibObject column, Func<TRow, SnmpValue?> value) in _columns)
            {
                if (column.Access is MibAccess.ReadOnly or MibAccess.ReadWrite && value(row) is { } cell)
                {
                    tree.Add(column, column.Oid.Append(index), cell);
                }
            }
        }
    }
}
