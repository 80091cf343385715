using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Schema;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>Which providers serve which class. Reads take no lock; a change replaces the whole table.</summary>
internal sealed class ProviderRegistry
{
    private readonly DispatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile Table _table = new([]);

    public ProviderRegistry(DispatchOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Every gate.</summary>
    public IReadOnlyList<ProviderGate> Gates => _table.Gates;

    /// <summary>Adds the providers of a package.</summary>
    public void Add(IEnumerable<ProviderRegistration> registrations)
    {
        lock (_lock)
        {
            _table = new Table([.. _table.Gates, .. registrations.Select(r => new ProviderGate(r, _options, _time, _logger))]);
        }
    }

    /// <summary>Takes the providers of a package away.</summary>
    public void Remove(string packageName)
    {
        lock (_lock)
        {
            _table = new Table([.. _table.Gates.Where(g => g.Registration.PackageName != packageName)]);
        }
    }

    /// <summary>The providers of exactly this class.</summary>
    public IReadOnlyList<ProviderGate> Find(string namespaceName, string className) =>
        _table.Classes.TryGetValue(namespaceName, out Dictionary<string, List<ProviderGate>>? classes) && classes.TryGetValue(className, out List<ProviderGate>? gates)
            ? gates
            : [];

    /// <summary>Names of the classes that have a provider in a namespace.</summary>
    public IEnumerable<string> ClassNames(string namespaceName) =>
        _table.Classes.TryGetValue(namespaceName, out Dictionary<string, List<ProviderGate>>? classes) ? classes.Keys : [];

    private sealed class Table
    {
        public Table(IReadOnlyList<ProviderGate> gates)
        {
            Gates = gates;
            foreach (ProviderGate gate in gates)
            {
                foreach (string namespaceName in gate.Registration.Namespaces.Select(CimSchema.NormalizeNamespace).Distinct(StringComparer.OrdinalIgnoreCase))
                {
                    Add(namespaceName, gate);
                }
            }
        }

        public IReadOnlyList<ProviderGate> Gates { get; }

        public Dictionary<string, Dictionary<string, List<ProviderGate>>> Classes { get; } = new(StringComparer.OrdinalIgnoreCase);

        private void Add(string namespaceName, ProviderGate gate)
        {
            if (!Classes.TryGetValue(namespaceName, out Dictionary<string, List<ProviderGate>>? classes))
            {
                Classes[namespaceName] = classes = new(StringComparer.OrdinalIgnoreCase);
            }

            foreach (string className in gate.Registration.ClassNames.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!classes.TryGetValue(className, out List<ProviderGate>? gates))
                {
                    classes[className] = gates = [];
                }

                gates.Add(gate);
            }
        }
    }
}
