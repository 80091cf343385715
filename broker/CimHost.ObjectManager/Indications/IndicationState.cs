using System.Collections.Concurrent;
using System.Collections.Immutable;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Everything about indications that lasts, on disk and in memory. Changes are made by the database's writing task, which also brings the
/// memory up to date; readers take the model of the moment. When a transaction is lost the memory is read anew.
/// </summary>
internal sealed partial class IndicationState : IAsyncDisposable
{
    public const int MaxFilters = 1_000;
    public const int MaxDestinations = 100;
    public const int MaxSubscriptions = 1_000;

    private readonly IndicationDatabase _database;
    private readonly CimSchema _schema;
    private readonly IndicationOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, long> _origins = new(StringComparer.Ordinal);
    private volatile IndicationModel _model = new();
    private volatile IndicationSettings _settings = IndicationSettings.Default;

    private IndicationState(IndicationDatabase database, CimSchema schema, IndicationOptions options, string systemName, TimeProvider time)
    {
        _database = database;
        _schema = schema;
        _options = options;
        _time = time;
        SystemName = systemName;
        Shipped = [.. ShippedFilters.Filters(schema, systemName)];
        Dictionary<string, string> keys = Shipped.ToDictionary(f => f.Name, f => f.Instance.Path!.KeyString, StringComparer.Ordinal);
        Collections = [.. ShippedFilters.Collections(schema).Select(c => new FilterCollection(c.Instance, [.. c.Filters.Where(keys.ContainsKey).Select(n => keys[n])]))];
    }

    /// <summary>A collection with the keys of its filters.</summary>
    public sealed record FilterCollection(CimInstance Instance, IReadOnlyList<string> FilterKeys);

    /// <summary>Name of this computer.</summary>
    public string SystemName { get; }

    /// <summary>The host's own filters.</summary>
    public IReadOnlyList<FilterEntry> Shipped { get; }

    /// <summary>The collections.</summary>
    public IReadOnlyList<FilterCollection> Collections { get; }

    /// <summary>Filters, destinations and subscriptions as they are now.</summary>
    public IndicationModel Model => _model;

    /// <summary>The settings in force.</summary>
    public IndicationSettings Settings => _settings;

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Opens the file and reads it.</summary>
    /// <exception cref="InvalidDataException">The file is not this host's or is damaged; it is left as it is.</exception>
    public static async Task<IndicationState> OpenAsync(string path, CimSchema schema, IndicationOptions options, string systemName, TimeProvider time)
    {
        IndicationDatabase database = IndicationDatabase.Open(path);
        try
        {
            var state = new IndicationState(database, schema, options, systemName, time);
            state.Load();
            database.Lost = state.Load;
            return state;
        }
        catch (Exception e)
        {
            await database.DisposeAsync();
            throw e is CimException ? new InvalidDataException($"{path} is damaged: {e.Message} Move it away to start without subscriptions.", e) : e;
        }
    }

    /// <summary>The last number of a source that was stored; 0 when none was.</summary>
    public long LastSequence(string source) => _origins.GetValueOrDefault(source);

    /// <summary>Changes the settings.</summary>
    public async ValueTask ChangeSettingsAsync(IndicationSettings settings, CancellationToken cancellationToken) => await _database.WriteAsync(
        t =>
        {
            foreach ((string name, long value) in settings.Stored())
            {
                t.Execute("INSERT OR REPLACE INTO settings VALUES ($1,$2)", name, value);
            }

            return _settings = settings;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private void Load()
    {
        _settings = IndicationSettings.Read(_database.Read("SELECT name, value FROM settings", r => (r.GetString(0), r.GetInt64(1))).ToDictionary(s => s.Item1, s => s.Item2));
        foreach ((string source, long sequence) in _database.Read("SELECT source, sequence FROM origins", r => (r.GetString(0), r.GetInt64(1))))
        {
            _origins[source] = sequence;
        }

        ImmutableDictionary<string, FilterEntry> filters = Shipped.ToImmutableDictionary(f => f.Instance.Path!.KeyString);
        foreach ((string key, byte[] record) in _database.Read("SELECT key, record FROM filters", r => (r.GetString(0), r.GetFieldValue<byte[]>(1))))
        {
            filters = filters.SetItem(key, FilterEntry.Restore(_schema, Decode("CIM_IndicationFilter", record)));
        }

        ImmutableDictionary<string, DestinationEntry> destinations = LoadDestinations();
        Dictionary<long, DestinationEntry> byId = destinations.Values.ToDictionary(d => d.Id);
        IndicationModel before = _model;
        ImmutableDictionary<string, SubscriptionEntry> subscriptions = ImmutableDictionary<string, SubscriptionEntry>.Empty;
        foreach ((long id, string className, byte[] record, long destination, string? identifier, long? at) in _database.Read(
            "SELECT id, class, record, destination, last_identifier, last_at FROM subscriptions",
            r => (r.GetInt64(0), r.GetString(1), r.GetFieldValue<byte[]>(2), r.GetInt64(3), r.IsDBNull(4) ? null : r.GetString(4), r.IsDBNull(5) ? (long?)null : r.GetInt64(5))))
        {
            CimInstance instance = Decode(className, record);
            string key = IndicationModel.Key(instance.Path!);
            var entry = new SubscriptionEntry(id, instance, FilterKeys(instance["Filter"].AsReference()!), byId[destination], before.Subscriptions.GetValueOrDefault(key))
            {
                LastIdentifier = identifier,
                LastAt = Time(at),
            };
            subscriptions = subscriptions.SetItem(key, entry);
        }

        _model = new IndicationModel { Filters = filters, Destinations = destinations, Subscriptions = subscriptions };
    }

    private ImmutableDictionary<string, DestinationEntry> LoadDestinations()
    {
        Dictionary<long, (int Count, long Bytes)> queued = _database.Read(
            "SELECT destination, COUNT(*), SUM(LENGTH(payload)) FROM queue GROUP BY destination", r => (r.GetInt64(0), r.GetInt32(1), r.GetInt64(2))).ToDictionary(q => q.Item1, q => (q.Item2, q.Item3));
        IndicationModel before = _model;
        ImmutableDictionary<string, DestinationEntry> destinations = ImmutableDictionary<string, DestinationEntry>.Empty;
        foreach (DestinationEntry read in _database.Read(
            "SELECT id, class, record, context, next, delivered, delivered_at, dropped, dropped_at, drop_reason FROM destinations",
            r =>
            {
                long id = r.GetInt64(0);
                (int count, long bytes) = queued.GetValueOrDefault(id);
                var status = new DestinationStatus(
                    count, r.GetInt64(5), Time(r.IsDBNull(6) ? null : r.GetInt64(6)), 0, null, string.Empty, null,
                    r.GetInt64(7), Time(r.IsDBNull(8) ? null : r.GetInt64(8)), r.IsDBNull(9) ? string.Empty : r.GetString(9), r.GetInt64(4));
                return new DestinationEntry(id, Decode(r.GetString(1), r.GetFieldValue<byte[]>(2)), r.GetString(3), status, bytes);
            }))
        {
            // The worker of a destination holds on to its entry.
            string key = IndicationModel.Key(read.Instance.Path!);
            DestinationEntry entry = before.Destinations.TryGetValue(key, out DestinationEntry? known) && known.Id == read.Id ? known : read;
            if (!ReferenceEquals(entry, read))
            {
                entry.Instance = read.Instance;
                entry.Reset(read);
            }

            destinations = destinations.SetItem(key, entry);
        }

        return destinations;
    }

    private CimInstance Decode(string className, byte[] record)
    {
        try
        {
            return RecordReader.Instance(record, _schema.GetClass(CimSchema.Interop, className), CimSchema.Interop).Freeze();
        }
        catch (InvalidDataException e)
        {
            throw CimException.Failed($"A stored instance of {className} is damaged. {e.Message}", e);
        }
    }

    private IReadOnlyList<string> FilterKeys(CimObjectPath filter) => string.Equals(filter.ClassName, "CIM_FilterCollection", StringComparison.OrdinalIgnoreCase)
        ? Collections.FirstOrDefault(c => c.Instance.Path!.KeyString == filter.KeyString)?.FilterKeys ?? []
        : [filter.KeyString];

    private static long Ticks(DateTimeOffset time) => time.UtcTicks;

    private static DateTimeOffset? Time(long? ticks) => ticks is { } value ? new DateTimeOffset(value, TimeSpan.Zero) : null;
}
