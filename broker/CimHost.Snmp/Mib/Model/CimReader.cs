using System.Collections.Concurrent;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Snmp.Mib.Model;

/// <summary>
/// Reads the classes that the MIBs are made of. A class that fails costs nothing but itself: what was known of it before stays and is
/// marked as outdated, so that its rows keep their place and say that they have no value.
/// </summary>
internal sealed class CimReader(TimeProvider time)
{
    /// <summary>Where the classes are.</summary>
    public const string Namespace = "root/cimv2";

    /// <summary>Most instances of one class that are taken.</summary>
    public const int MaxInstances = 50_000;

    private const int AtOnce = 4;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Reads every class of <see cref="CimClasses.All"/>.</summary>
    /// <param name="cim">The operations of the host.</param>
    /// <param name="before">What was read before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<CimSnapshot> ReadAsync(ICimOperations cim, CimSnapshot before, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        var extents = new ConcurrentDictionary<string, CimExtent>(StringComparer.OrdinalIgnoreCase);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(CimClasses.All, parallel, async (name, token) => extents[name] = await ReadClassAsync(cim, name, before.Extent(name), token));
        return new CimSnapshot(extents, start);
    }

    private async Task<CimExtent> ReadClassAsync(ICimOperations cim, string className, CimExtent before, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        var instances = new List<CimInstance>();
        try
        {
            await foreach (CimInstance instance in cim.EnumerateInstancesAsync(Namespace, className, new CimInstanceOptions(), limit.Token).WithCancellation(limit.Token))
            {
                if (instances.Count >= MaxInstances)
                {
                    return new CimExtent(instances, time.GetUtcNow(), $"There are more than {MaxInstances} instances of {className}; the others are left out.");
                }

                instances.Add(instance);
            }

            return new CimExtent(instances, time.GetUtcNow(), string.Empty);
        }
        catch (CimException e) when (e.Status is CimStatusCode.InvalidClass or CimStatusCode.InvalidNamespace)
        {
            // No package brings the class: there is nothing of the kind on this host.
            return new CimExtent([], time.GetUtcNow(), string.Empty);
        }
        catch (CimException e)
        {
            return Partly(instances, before, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Partly(instances, before, $"Reading {className} took more than {s_limit.TotalSeconds:0} s.");
        }
    }

    private CimExtent Partly(List<CimInstance> instances, CimExtent before, string problem)
    {
        HashSet<string> read = [.. instances.Select(i => i.Path?.ToString() ?? string.Empty)];
        var outdated = new HashSet<CimInstance>(before.Instances.Where(i => !read.Contains(i.Path?.ToString() ?? string.Empty)), ReferenceEqualityComparer.Instance);
        return new CimExtent([.. instances, .. outdated], instances.Count > 0 ? time.GetUtcNow() : before.ReadAt, problem) { Outdated = outdated };
    }
}
