using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Query;
using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Operations;

/// <content>Queries.</content>
internal sealed partial class CimOperations
{
    public async IAsyncEnumerable<CimInstance> QueryInstancesAsync(string namespaceName, string queryLanguage, string query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        (SelectQuery select, QueryBinding binding) = ReadQuery(ns, queryLanguage, query);
        IAsyncEnumerable<QueryRow> rows = binding.Classes.Count == 1
            ? MatchingAsync(ns, select, binding.Classes[0], cancellationToken)
            : JoinAsync(ns, select, binding.Classes, cancellationToken);
        await foreach (CimInstance result in new QueryResults(select, binding).ReadAsync(rows, cancellationToken))
        {
            yield return result;
        }
    }

    public ValueTask<CimClass> GetQueryResultClassAsync(string namespaceName, string queryLanguage, string query, CancellationToken cancellationToken)
    {
        (SelectQuery select, QueryBinding binding) = ReadQuery(Readable(namespaceName), queryLanguage, query);
        return ValueTask.FromResult(new QueryResults(select, binding).Class);
    }

    private (SelectQuery Select, QueryBinding Binding) ReadQuery(string ns, string queryLanguage, string query)
    {
        SelectQuery select = SelectQuery.Parse(queryLanguage, query, (child, ancestor) => Schema.IsSubclassOf(ns, child, ancestor));
        CimClass? Find(string name) => Schema.FindClass(ns, name);
        var binding = new QueryBinding(select.FindClasses(ns, Find), select.Dialect == QueryDialect.Cql ? Find : null);
        select.Bind(binding);
        return (select, binding);
    }

    private async IAsyncEnumerable<QueryRow> MatchingAsync(string ns, SelectQuery select, CimClass requested, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CimInstance instance in ReadAsync(ns, requested, null, cancellationToken))
        {
            var row = new QueryRow(instance);
            if (select.Matches(row))
            {
                yield return row;
            }
        }
    }

    // All classes are read side by side. An error of one comes last, behind the rows that can be made of what was read (DSP0200: partial
    // results, then ERROR).
    private async IAsyncEnumerable<QueryRow> JoinAsync(string ns, SelectQuery select, IReadOnlyList<CimClass> classes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var join = new QueryJoin(select);
        List<CimInstance>[] instances = [.. classes.Select(_ => new List<CimInstance>())];
        CimException? error = null;
        foreach (Task reading in classes.Select((c, i) => join.ReadAsync(i, ReadAsync(ns, c, null, cancellationToken), instances[i], cancellationToken)).ToArray())
        {
            try
            {
                await reading;
            }
            catch (CimException e)
            {
                error ??= e;
            }
        }

        foreach (QueryRow row in join.Rows(instances, cancellationToken))
        {
            yield return row;
        }

        if (error is not null)
        {
            throw new CimException(error.Status, error.Message, error);
        }
    }
}
