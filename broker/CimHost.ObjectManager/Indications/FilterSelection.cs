using CimHost.ObjectManager.Query;
using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// What a filter selects: properties of the indication, values given to them (<c>'text' AS Description</c>) and, in a join, properties that
/// the other classes add to it (<c>d.ElementName AS Disk</c>).
/// </summary>
internal sealed class FilterSelection
{
    // What the service says of an indication goes along whatever the filter selects: a listener needs it to see gaps and repetitions.
    private static readonly string[] s_always = ["IndicationFilterName", "SequenceContext", "SequenceNumber"];

    private readonly bool _everything;
    private readonly Dictionary<string, List<IReadOnlyList<QueryStep>>> _properties = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, QueryOperand Value)> _given = [];
    private readonly List<QueryColumn> _added = [];

    /// <summary>Prepares the selection of a query whose names are checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="source">Place of the indication among the classes after FROM.</param>
    /// <param name="binding">The classes.</param>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public FilterSelection(SelectQuery query, int source, QueryBinding binding)
    {
        bool isJoin = query.Sources.Count > 1;
        if (isJoin && query.Selected is null)
        {
            QueryToken from = query.Sources[source].Alias ?? query.Sources[source].ClassName;
            throw from.Invalid($"a filter over several classes names what it selects, as in SELECT {from.Text}.*, and the properties of the others one by one.");
        }

        _everything = query.Selected is null;
        CimClass indication = binding.Classes[source];
        foreach (QuerySelected entry in query.Selected ?? [])
        {
            var property = entry.Operand as QueryProperty;
            if (entry.Target is null && property!.Source == source)
            {
                // The first part of each name is a property of the indication; what is named below it cuts the embedded instance.
                _everything |= property.IsWholeInstance;
                if (!property.IsWholeInstance)
                {
                    string name = property.Steps[0].Name.Text;
                    (_properties.TryGetValue(name, out List<IReadOnlyList<QueryStep>>? below) ? below : _properties[name] = []).Add(property.Steps);
                }
            }
            else if (!isJoin || (entry.Target is { } given && indication.IndexOf(given.Text) >= 0))
            {
                QueryBinding.RequireProperty(indication, entry.Target!.Value);
                _given.Add((entry.Target!.Value.Text, entry.Operand));
            }
            else
            {
                _added.Add(Added(entry, indication, binding));
            }
        }
    }

    /// <summary>A new instance with what is selected of an indication and the row that it is in.</summary>
    public CimInstance Of(CimInstance indication, QueryRow row)
    {
        CimInstance result = indication.Project(Shape(indication.CimClass)).Clone();
        foreach ((string name, List<IReadOnlyList<QueryStep>> below) in _properties)
        {
            if (!_everything && result.TryGetValue(name, out CimValue value) && value.AsInstance() is { } embedded && below.TrueForAll(s => s.Count > 1))
            {
                result[name] = Cut(embedded, below);
            }
        }

        foreach ((string name, QueryOperand operand) in _given)
        {
            if (result.CimClass.CimClassProperties[name] is { } declaration && operand.Evaluate(row).TryConvert(declaration.CimType, out CimValue given))
            {
                result[name] = given;
            }
        }

        foreach (QueryColumn column in _added)
        {
            result[column.Declaration.Name] = column.Of(row);
        }

        return result;
    }

    private QueryColumn Added(QuerySelected entry, CimClass indication, QueryBinding binding)
    {
        if (entry is { Target: null, Operand: QueryProperty { IsWholeInstance: true } whole })
        {
            throw whole.First.Invalid($"the properties that {whole.First.Text} adds to the indication are named one by one.");
        }

        QueryColumn column = QueryColumn.Of(entry, binding).Single();
        string name = column.Declaration.Name;
        return indication.IndexOf(name) < 0 && !_added.Exists(a => string.Equals(a.Declaration.Name, name, StringComparison.OrdinalIgnoreCase))
            ? column
            : throw column.Position.Invalid($"the indication has a property {name} already; give this one another name with AS.");
    }

    // A subclass of the class after FROM may have a property of the name of one that is added; the query means the one added.
    private CimClass Shape(CimClass indication)
    {
        if (_everything && _added.Count == 0)
        {
            return indication;
        }

        HashSet<string> kept = new([.. _properties.Keys, .. s_always, .. _given.Select(g => g.Name)], StringComparer.OrdinalIgnoreCase);
        return indication.WithProperties(indication.CimClassProperties
            .Where(p => (_everything || kept.Contains(p.Name)) && !_added.Exists(a => string.Equals(a.Declaration.Name, p.Name, StringComparison.OrdinalIgnoreCase)))
            .Concat(_added.Select(a => a.Declaration)));
    }

    // Keys stay, for without them nobody knows what the instance is.
    private static CimValue Cut(CimInstance embedded, List<IReadOnlyList<QueryStep>> below)
    {
        HashSet<string> names = new(below.Select(s => s[1].Name.Text), StringComparer.OrdinalIgnoreCase);
        return embedded.Project(embedded.CimClass.WithProperties(embedded.CimClass.CimClassProperties.Where(p => p.IsKey || names.Contains(p.Name))));
    }
}
