using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>
/// Joins the instances of the classes after FROM: a nested loop in which every part of the condition (what AND connects) is tried as soon as
/// the instances that it is about are there. An equality between the next class and those before it picks the candidates by
/// <see cref="JoinIndex"/>. Instances, classes and candidates are bounded.
/// </summary>
internal sealed class QueryJoin
{
    /// <summary>Instances of one class that a join holds at most, after the conditions on that class alone.</summary>
    public const int MaxInstances = 50_000;

    /// <summary>Combinations of instances that a join tries at most.</summary>
    public const int MaxCandidates = 2_000_000;

    private readonly SelectQuery _query;
    private readonly List<QueryCondition> _conditions;

    /// <summary>Prepares the join of a query whose names are checked.</summary>
    public QueryJoin(SelectQuery query)
    {
        _query = query;
        _conditions = [.. Conjuncts(query.Condition)];
    }

    /// <summary>Whether an instance meets the conditions on its class alone.</summary>
    public bool Admits(int source, CimInstance instance)
    {
        var alone = new CimInstance?[_query.Sources.Count];
        alone[source] = instance;
        var row = new QueryRow(alone);
        return _conditions.TrueForAll(c => !IsAbout(c, source) || c.Evaluate(row) == true);
    }

    /// <summary>
    /// Reads the instances of a class into a list, without those that cannot be in a row. What was read before an error or the end of the
    /// token is in the list.
    /// </summary>
    /// <exception cref="CimException">What the class ends with; CIM_ERR_SERVER_LIMITS_EXCEEDED: there are too many.</exception>
    public async Task ReadAsync(int source, IAsyncEnumerable<CimInstance> instances, List<CimInstance> list, CancellationToken cancellationToken)
    {
        await foreach (CimInstance instance in instances.WithCancellation(cancellationToken))
        {
            if (!Admits(source, instance))
            {
                continue;
            }

            if (list.Count == MaxInstances)
            {
                QueryToken name = _query.Sources[source].ClassName;
                throw new CimException(CimStatusCode.ServerLimitsExceeded, $"Character {name.Position} of the query: a join takes at most {MaxInstances} instances of {name.Text}; narrow it with WHERE.");
            }

            list.Add(instance);
        }
    }

    /// <summary>The rows that meet the condition.</summary>
    /// <param name="instances">For each entry of FROM the instances that <see cref="Admits"/> lets through.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Rows, each good until the next one is asked for.</returns>
    /// <exception cref="CimException">CIM_ERR_SERVER_LIMITS_EXCEEDED: too many combinations were tried.</exception>
    public IEnumerable<QueryRow> Rows(IReadOnlyList<IReadOnlyList<CimInstance>> instances, CancellationToken cancellationToken)
    {
        var current = new CimInstance?[instances.Count];
        var row = new QueryRow(current);
        Level[] levels = [.. Levels(instances, current, row)];
        int candidates = 0;
        return From(0);

        IEnumerable<QueryRow> From(int depth)
        {
            if (depth == levels.Length)
            {
                yield return row;
                yield break;
            }

            Level level = levels[depth];
            foreach (CimInstance instance in level.Index is { } index ? index.MayEqual(level.Known!.Evaluate(row)) : instances[level.Source])
            {
                if (++candidates % 1024 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (candidates > MaxCandidates)
                {
                    throw new CimException(CimStatusCode.ServerLimitsExceeded, $"The query tries more than {MaxCandidates} combinations of instances; narrow it with WHERE, best by an equality between each two of its classes.");
                }

                current[level.Source] = instance;
                if (level.Conditions.TrueForAll(c => c.Evaluate(row) == true))
                {
                    foreach (QueryRow found in From(depth + 1))
                    {
                        yield return found;
                    }
                }
            }
        }
    }

    // Begins with the class of the fewest instances and goes on with one that an equality ties to those before it.
    private IEnumerable<Level> Levels(IReadOnlyList<IReadOnlyList<CimInstance>> instances, CimInstance?[] current, QueryRow row)
    {
        List<int> left = [.. Enumerable.Range(0, instances.Count).OrderBy(i => instances[i].Count)];
        int before = 0;
        while (left.Count > 0)
        {
            (int source, QueryOperand? own, QueryOperand? known) = left.Select(s => Tie(s, before)).FirstOrDefault(t => t.Own is not null, (left[0], null, null));
            JoinIndex? index = null;
            if (own is not null)
            {
                index = new JoinIndex();
                foreach (CimInstance instance in instances[source])
                {
                    current[source] = instance;
                    index.Add(own.Evaluate(row), instance);
                }
            }

            int with = before | (1 << source);
            yield return new Level(source, index, known, _conditions.FindAll(c => (c.Sources & ~with) == 0 && (c.Sources & ~before) != 0 && !IsAbout(c, source)));
            before = with;
            left.Remove(source);
        }
    }

    // An equality between a value of a class and one of the classes before it.
    private (int Source, QueryOperand? Own, QueryOperand? Known) Tie(int source, int before)
    {
        int bit = 1 << source;
        foreach (CompareCondition equality in _conditions.OfType<CompareCondition>().Where(c => c.IsEquality))
        {
            foreach ((QueryOperand own, QueryOperand known) in ((QueryOperand, QueryOperand)[])[(equality.Left, equality.Right), (equality.Right, equality.Left)])
            {
                if (own.Sources == bit && known.Sources != 0 && (known.Sources & ~before) == 0)
                {
                    return (source, own, known);
                }
            }
        }

        return (source, null, null);
    }

    // What is about no class at all is tried with the first.
    private static bool IsAbout(QueryCondition condition, int source) => condition.Sources == 1 << source || (condition.Sources == 0 && source == 0);

    private static IEnumerable<QueryCondition> Conjuncts(QueryCondition? condition) => condition switch
    {
        null => [],
        AndCondition and => Conjuncts(and.Left).Concat(Conjuncts(and.Right)),
        _ => [condition],
    };

    /// <summary>A loop: over which class, by which value of the classes before it, and what is tried for each of its instances.</summary>
    private sealed record Level(int Source, JoinIndex? Index, QueryOperand? Known, List<QueryCondition> Conditions);
}
