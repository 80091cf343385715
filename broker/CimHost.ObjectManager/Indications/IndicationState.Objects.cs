using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <content>What clients create, change and delete.</content>
internal sealed partial class IndicationState
{
    /// <summary>Creates a filter.</summary>
    /// <exception cref="CimException">CIM_ERR_ALREADY_EXISTS, CIM_ERR_INVALID_QUERY with the position, CIM_ERR_INVALID_PARAMETER, CIM_ERR_NOT_SUPPORTED…</exception>
    public async ValueTask<CimObjectPath> CreateFilterAsync(CimInstance given, CancellationToken cancellationToken)
    {
        if (!Settings.FilterCreationEnabled)
        {
            throw CimException.NotSupported("Filters cannot be created while FilterCreationEnabled of the indication service is false.");
        }

        FilterEntry filter = FilterEntry.Create(_schema, SubscriptionRules.Filter(given, SystemName).Freeze());
        CimObjectPath path = filter.Instance.Path!;
        await _database.WriteAsync(
            t =>
            {
                RequireNew(_model.Filters.ContainsKey(path.KeyString), path);
                RequireRoom(_model.Filters.Count - Shipped.Count, MaxFilters, "filters");
                t.Execute("INSERT INTO filters VALUES ($1,$2)", path.KeyString, RecordWriter.Instance(filter.Instance));
                return _model = _model with { Filters = _model.Filters.SetItem(path.KeyString, filter) };
            },
            cancellationToken);
        return path;
    }

    /// <summary>Changes a filter.</summary>
    /// <exception cref="CimException">As creating one; CIM_ERR_NOT_FOUND.</exception>
    public async ValueTask ModifyFilterAsync(CimInstance given, CancellationToken cancellationToken)
    {
        FilterEntry filter = FilterEntry.Create(_schema, SubscriptionRules.Filter(given, SystemName).Freeze());
        CimObjectPath path = filter.Instance.Path!;
        await _database.WriteAsync(
            t =>
            {
                RequireOwn(_model.Filters.GetValueOrDefault(path.KeyString), path);
                t.Execute("UPDATE filters SET record=$2 WHERE key=$1", path.KeyString, RecordWriter.Instance(filter.Instance));
                return _model = _model with { Filters = _model.Filters.SetItem(path.KeyString, filter) };
            },
            cancellationToken);
    }

    /// <summary>Deletes a filter that no subscription uses.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND, CIM_ERR_NOT_SUPPORTED, CIM_ERR_FAILED.</exception>
    public async ValueTask DeleteFilterAsync(CimObjectPath path, CancellationToken cancellationToken) => await _database.WriteAsync(
        t =>
        {
            RequireOwn(_model.Filters.GetValueOrDefault(path.KeyString), path);
            RequireUnused(_model.Subscriptions.Values.FirstOrDefault(s => s.FilterKeys.Contains(path.KeyString)), path);
            t.Execute("DELETE FROM filters WHERE key=$1", path.KeyString);
            return _model = _model with { Filters = _model.Filters.Remove(path.KeyString) };
        },
        cancellationToken);

    /// <summary>Creates a destination.</summary>
    /// <exception cref="CimException">CIM_ERR_ALREADY_EXISTS, CIM_ERR_INVALID_PARAMETER…</exception>
    public ValueTask<DestinationEntry> CreateDestinationAsync(CimInstance given, CancellationToken cancellationToken)
    {
        CimInstance instance = SubscriptionRules.Destination(given, SystemName).Freeze();
        CimObjectPath path = instance.Path!;
        string key = IndicationModel.Key(path);
        return _database.WriteAsync(
            t =>
            {
                RequireNew(_model.Destinations.ContainsKey(key), path);
                RequireRoom(_model.Destinations.Count, MaxDestinations, "destinations");

                // The series is unique for the destination and for this database, which keeps the numbers over restarts of the host.
                string context = $"{SystemName}#{Guid.NewGuid():N}#{Now.UtcDateTime:yyyyMMddHHmmss.ffffff}";
                t.Execute("INSERT INTO destinations (class, key, record, context, next) VALUES ($1,$2,$3,$4,0)", instance.ClassName, path.KeyString, RecordWriter.Instance(instance), context);
                long id = t.Scalar("SELECT last_insert_rowid()") ?? 0;
                var entry = new DestinationEntry(id, instance, context, new DestinationStatus(0, 0, null, 0, null, string.Empty, null, 0, null, string.Empty, 0), 0);
                _model = _model with { Destinations = _model.Destinations.SetItem(key, entry) };
                return entry;
            },
            cancellationToken);
    }

    /// <summary>Changes a destination; what waits for it goes to the new address.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND, CIM_ERR_INVALID_PARAMETER…</exception>
    public ValueTask<DestinationEntry> ModifyDestinationAsync(CimInstance given, IReadOnlyList<string> properties, CancellationToken cancellationToken) => _database.WriteAsync(
        t =>
        {
            CimObjectPath path = given.Path!;
            DestinationEntry entry = _model.Destinations.GetValueOrDefault(IndicationModel.Key(path)) ?? throw CimException.NotFound(path);
            CimInstance changed = given.Clone();
            if (!properties.Contains("password", StringComparer.OrdinalIgnoreCase) || given["password"].IsNull)
            {
                // It can not be read, so what a client writes back has none.
                changed["password"] = entry.Instance["password"];
            }

            changed = SubscriptionRules.Destination(changed, SystemName).Freeze();
            t.Execute("UPDATE destinations SET record=$2 WHERE id=$1", entry.Id, RecordWriter.Instance(changed));
            entry.Instance = changed;
            return entry;
        },
        cancellationToken);

    /// <summary>Deletes a destination that no subscription uses.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND, CIM_ERR_FAILED.</exception>
    public ValueTask<DestinationEntry> DeleteDestinationAsync(CimObjectPath path, CancellationToken cancellationToken) => _database.WriteAsync(
        t =>
        {
            string key = IndicationModel.Key(path);
            DestinationEntry entry = _model.Destinations.GetValueOrDefault(key) ?? throw CimException.NotFound(path);
            RequireUnused(_model.Subscriptions.Values.FirstOrDefault(s => s.Destination.Id == entry.Id), path);
            t.Execute("DELETE FROM queue WHERE destination=$1", entry.Id);
            t.Execute("DELETE FROM destinations WHERE id=$1", entry.Id);
            entry.IsDeleted = true;
            entry.Removed();
            _model = _model with { Destinations = _model.Destinations.Remove(key) };
            return entry;
        },
        cancellationToken);

    /// <summary>Creates a subscription; indications that arise after this returned are sent.</summary>
    /// <exception cref="CimException">CIM_ERR_ALREADY_EXISTS, CIM_ERR_NOT_FOUND (filter or destination), CIM_ERR_INVALID_PARAMETER…</exception>
    public async ValueTask<CimObjectPath> CreateSubscriptionAsync(CimInstance given, CancellationToken cancellationToken)
    {
        CimInstance instance = SubscriptionRules.Subscription(given, Now).Freeze();
        CimObjectPath path = instance.Path!;
        string key = IndicationModel.Key(path);
        await _database.WriteAsync(
            t =>
            {
                RequireNew(_model.Subscriptions.ContainsKey(key), path);
                RequireRoom(_model.Subscriptions.Count, MaxSubscriptions, "subscriptions");
                CimObjectPath handler = instance["Handler"].AsReference()!;
                RequireInterop(handler);
                DestinationEntry destination = _model.Destinations.GetValueOrDefault(IndicationModel.Key(handler))
                    ?? throw new CimException(CimStatusCode.NotFound, $"There is no listener destination {handler}; create it first.");
                IReadOnlyList<string> filterKeys = RequireFilters(instance["Filter"].AsReference()!);
                var trial = new SubscriptionEntry(0, instance, filterKeys, destination);
                t.Execute("INSERT INTO subscriptions (class, key, record, destination) VALUES ($1,$2,$3,$4)", instance.ClassName, path.KeyString, RecordWriter.Instance(instance), destination.Id);
                var entry = new SubscriptionEntry(t.Scalar("SELECT last_insert_rowid()") ?? 0, instance, trial.FilterKeys, destination);
                return _model = _model with { Subscriptions = _model.Subscriptions.SetItem(key, entry) };
            },
            cancellationToken);
        return path;
    }

    /// <summary>Changes a subscription.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND, CIM_ERR_INVALID_PARAMETER, CIM_ERR_FAILED (it is over).</exception>
    public ValueTask<SubscriptionEntry> ModifySubscriptionAsync(CimInstance given, IReadOnlyList<string> properties, CancellationToken cancellationToken) => _database.WriteAsync(
        t =>
        {
            CimObjectPath path = given.Path!;
            SubscriptionEntry before = _model.Subscriptions.GetValueOrDefault(IndicationModel.Key(path)) ?? throw CimException.NotFound(path);
            if (before.HasEnded(Now))
            {
                throw CimException.Failed("The subscription is over; create a new one.");
            }

            CimInstance changed = SubscriptionRules.Changed(before.Instance, given, properties, Now).Freeze();
            var entry = new SubscriptionEntry(before.Id, changed, before.FilterKeys, before.Destination, before);
            Store(t, entry);
            if (entry.IsEnabled != before.IsEnabled)
            {
                TellState(t, entry, entry.IsEnabled ? "A client enabled the subscription." : "A client disabled the subscription.");
            }

            return entry;
        },
        cancellationToken);

    /// <summary>Deletes a subscription; what waits for it is given up.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND.</exception>
    public async ValueTask DeleteSubscriptionAsync(CimObjectPath path, CancellationToken cancellationToken) => await _database.WriteAsync(
        t =>
        {
            SubscriptionEntry entry = _model.Subscriptions.GetValueOrDefault(IndicationModel.Key(path)) ?? throw CimException.NotFound(path);
            DropQueued(t, entry, "The subscription was deleted.");
            Forget(t, entry);
            return true;
        },
        cancellationToken);

    /// <summary>Deletes the subscriptions whose duration is over and for which nothing waits any more.</summary>
    /// <returns>Their destinations.</returns>
    public async ValueTask<IReadOnlyList<DestinationEntry>> DeleteEndedAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now;
        return _model.Subscriptions.Values.Any(s => s.HasEnded(now))
            ? await _database.WriteAsync(
                t =>
                {
                    List<DestinationEntry> destinations = [];
                    foreach (SubscriptionEntry entry in _model.Subscriptions.Values.Where(s => s.HasEnded(now)))
                    {
                        if (t.Scalar("SELECT 1 FROM queue WHERE destination=$1 AND subscription=$2 LIMIT 1", entry.Destination.Id, entry.Id) is null)
                        {
                            RemoveAndTell(t, entry, "The subscription is over: its duration has passed.");
                            destinations.Add(entry.Destination);
                        }
                    }

                    return destinations;
                },
                cancellationToken)
            : [];
    }

    private void Store(IndicationDatabase.Transaction transaction, SubscriptionEntry entry)
    {
        transaction.Execute("UPDATE subscriptions SET record=$2 WHERE id=$1", entry.Id, RecordWriter.Instance(entry.Instance));
        _model = _model with { Subscriptions = _model.Subscriptions.SetItem(IndicationModel.Key(entry.Instance.Path!), entry) };
    }

    private void Forget(IndicationDatabase.Transaction transaction, SubscriptionEntry entry)
    {
        transaction.Execute("DELETE FROM subscriptions WHERE id=$1", entry.Id);
        _model = _model with { Subscriptions = _model.Subscriptions.Remove(IndicationModel.Key(entry.Instance.Path!)) };
    }

    // Not what a client deletes: it knows.
    private void RemoveAndTell(IndicationDatabase.Transaction transaction, SubscriptionEntry entry, string reason)
    {
        DropQueued(transaction, entry, reason);
        TellState(transaction, entry, reason);
        Forget(transaction, entry);
    }

    private IReadOnlyList<string> RequireFilters(CimObjectPath filter)
    {
        RequireInterop(filter);
        IReadOnlyList<string> keys = FilterKeys(filter);
        if (keys.Count == 0 || !keys.All(_model.Filters.ContainsKey))
        {
            throw new CimException(CimStatusCode.NotFound, $"There is no filter {filter}; create it first.");
        }

        bool isCollection = string.Equals(filter.ClassName, "CIM_FilterCollection", StringComparison.OrdinalIgnoreCase);
        return isCollection || !_model.Filters[keys[0]].Instance["IndividualSubscriptionSupported"].Equals(false)
            ? keys
            : throw CimException.NotSupported($"The filter {filter} can be subscribed to as part of a collection only.");
    }

    private static void RequireInterop(CimObjectPath path)
    {
        if (!string.Equals(path.Namespace, CimSchema.Interop, StringComparison.OrdinalIgnoreCase))
        {
            throw CimException.InvalidParameter($"Filters and destinations are in {CimSchema.Interop}; {path} is not.");
        }
    }

    private static void RequireNew(bool exists, CimObjectPath path)
    {
        if (exists)
        {
            throw new CimException(CimStatusCode.AlreadyExists, $"The instance {path} exists already.");
        }
    }

    private static void RequireRoom(int count, int most, string what)
    {
        if (count >= most)
        {
            throw new CimException(CimStatusCode.ServerLimitsExceeded, $"There are {count} {what} already; at most {most} are allowed.");
        }
    }

    private static void RequireOwn(FilterEntry? filter, CimObjectPath path)
    {
        if (filter is null)
        {
            throw CimException.NotFound(path);
        }

        if (filter.IsShipped)
        {
            throw CimException.NotSupported($"The filter {filter.Name} belongs to the host and cannot be changed or deleted.");
        }
    }

    private static void RequireUnused(SubscriptionEntry? user, CimObjectPath path)
    {
        if (user is not null)
        {
            throw CimException.Failed($"{path} is used by the subscription {user.Instance.Path}; delete that first.");
        }
    }
}
