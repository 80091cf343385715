using System.Buffers;
using CimHost.ObjectManager.Repository;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;

namespace CimHost.ObjectManager.Indications;

/// <content>The queues.</content>
internal sealed partial class IndicationState
{
    /// <summary>Largest indication, in bytes of its XML.</summary>
    public const int MaxPayload = 1024 * 1024;

    /// <summary>Called after indications were given up, with how many and why.</summary>
    public Action<DestinationEntry, long, string>? Dropped { get; set; }

    /// <summary>Puts indications into the queues of the destinations whose subscriptions let them through; on disk when this returns.</summary>
    /// <param name="indications">The indications.</param>
    /// <param name="namespaceName">Namespace in which they arose.</param>
    /// <param name="origin">Their place in the log of their source.</param>
    /// <param name="joined">What filters that join make of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The destinations, one for each entry.</returns>
    public ValueTask<List<DestinationEntry>> EnqueueAsync(
        IReadOnlyList<CimInstance> indications, string namespaceName, IndicationOrigin? origin, JoinedIndications joined, CancellationToken cancellationToken) => _database.WriteAsync(
        t =>
        {
            List<DestinationEntry> touched = [];
            if (origin is not null)
            {
                if (origin.Sequence <= LastSequence(origin.Source))
                {
                    return touched;
                }

                t.Execute("INSERT OR REPLACE INTO origins VALUES ($1,$2)", origin.Source, origin.Sequence);
                _origins[origin.Source] = origin.Sequence;
            }

            DateTimeOffset now = Now;
            foreach (CimInstance indication in indications)
            {
                foreach (SubscriptionEntry subscription in _model.Subscriptions.Values)
                {
                    if (subscription.IsLive(now) && Match(subscription, indication, namespaceName, joined) is { } match && subscription.Repeats.Admits(indication, now))
                    {
                        foreach (CimInstance selected in match.Query.Join is null ? [match.Query.Select(indication)] : joined[match.Query, indication].Select(i => i.Clone()))
                        {
                            Enqueue(t, subscription, match.Filter, selected, now);
                            touched.Add(subscription.Destination);
                        }
                    }
                }
            }

            return touched;
        },
        cancellationToken);

    /// <summary>The oldest indications that wait for a destination.</summary>
    public List<QueuedIndication> Oldest(DestinationEntry destination, int count) => _database.Read(
        "SELECT sequence, subscription, queued_at, payload FROM queue WHERE destination=$1 ORDER BY sequence LIMIT $2",
        r => new QueuedIndication(r.GetInt64(0), r.GetInt64(1), new DateTimeOffset(r.GetInt64(2), TimeSpan.Zero), r.GetFieldValue<byte[]>(3)),
        destination.Id,
        count);

    /// <summary>An indication was delivered: it does not wait any more.</summary>
    public async ValueTask DeliveredAsync(DestinationEntry destination, QueuedIndication indication, CancellationToken cancellationToken) => await _database.WriteAsync(
        t =>
        {
            DateTimeOffset now = Now;
            if (t.Execute("DELETE FROM queue WHERE destination=$1 AND sequence=$2", destination.Id, indication.Sequence) > 0)
            {
                t.Execute("UPDATE destinations SET delivered=delivered+1, delivered_at=$2 WHERE id=$1", destination.Id, Ticks(now));
                destination.QueuedBytes -= indication.Payload.Length;
                destination.Update(s => s with { Queued = s.Queued - 1, Delivered = s.Delivered + 1, DeliveredAt = now });
            }

            return true;
        },
        cancellationToken);

    /// <summary>An indication cannot be delivered: it is given up, and its subscription gets what its policy says.</summary>
    public async ValueTask GiveUpAsync(DestinationEntry destination, QueuedIndication indication, string reason, CancellationToken cancellationToken) => await _database.WriteAsync(
        t =>
        {
            SubscriptionEntry? subscription = Subscription(indication);
            switch (subscription?.Policy)
            {
                case FatalErrorPolicy.Remove:
                    RemoveAndTell(t, subscription, $"The subscription was deleted by its policy. {reason}");
                    break;
                case FatalErrorPolicy.Disable:
                    CimInstance disabled = subscription.Instance.Clone();
                    disabled["SubscriptionState"] = SubscriptionEntry.Disabled;
                    disabled["TimeOfLastStateChange"] = new CimDateTime(Now);
                    DropQueued(t, subscription, $"The subscription was disabled by its policy. {reason}");
                    Store(t, new SubscriptionEntry(subscription.Id, disabled.Freeze(), subscription.FilterKeys, subscription.Destination, subscription));
                    if (subscription.IsEnabled)
                    {
                        TellState(t, subscription, $"The subscription was disabled by its policy. {reason}");
                    }

                    break;
                default:
                    int gone = t.Execute("DELETE FROM queue WHERE destination=$1 AND sequence=$2", destination.Id, indication.Sequence);
                    CountDropped(t, destination, gone, gone * indication.Payload.Length, reason);
                    break;
            }

            return true;
        },
        cancellationToken);

    /// <summary>Deletes every subscription of a destination, as SubscriptionRemovalAction asks for one that fails for long.</summary>
    public async ValueTask RemoveSubscriptionsAsync(DestinationEntry destination, string reason, CancellationToken cancellationToken) => await _database.WriteAsync(
        t =>
        {
            foreach (SubscriptionEntry subscription in _model.Subscriptions.Values.Where(s => s.Destination.Id == destination.Id))
            {
                RemoveAndTell(t, subscription, reason);
            }

            return true;
        },
        cancellationToken);

    /// <summary>The subscription that an indication is for; null when it is gone.</summary>
    public SubscriptionEntry? Subscription(QueuedIndication indication) => _model.Subscriptions.Values.FirstOrDefault(s => s.Id == indication.Subscription);

    private (FilterEntry Filter, FilterQuery Query)? Match(SubscriptionEntry subscription, CimInstance indication, string namespaceName, JoinedIndications joined)
    {
        foreach (FilterEntry filter in _model.FiltersOf(subscription))
        {
            if (filter.Match(indication, namespaceName, joined) is { } query)
            {
                return (filter, query);
            }
        }

        return null;
    }

    private void Enqueue(IndicationDatabase.Transaction transaction, SubscriptionEntry subscription, FilterEntry filter, CimInstance indication, DateTimeOffset now)
    {
        DestinationEntry destination = subscription.Destination;
        long sequence = destination.Status.NextSequence;
        indication["IndicationFilterName"] = filter.Name;
        indication["SequenceContext"] = destination.Context;
        indication["SequenceNumber"] = sequence;
        var payload = new ArrayBufferWriter<byte>(2048);
        CimXmlWriter.Instance(payload, indication);
        transaction.Execute("UPDATE destinations SET next=$2 WHERE id=$1", destination.Id, sequence + 1);
        destination.Update(s => s with { NextSequence = sequence + 1 });
        subscription.LastIdentifier = indication.TryGetValue("IndicationIdentifier", out CimValue identifier) ? identifier.AsString() : null;
        subscription.LastAt = now;
        transaction.Execute("UPDATE subscriptions SET last_identifier=$2, last_at=$3 WHERE id=$1", subscription.Id, subscription.LastIdentifier, Ticks(now));
        if (payload.WrittenCount > MaxPayload)
        {
            CountDropped(transaction, destination, 1, 0, $"The indication has {payload.WrittenCount} bytes; at most {MaxPayload} are delivered.", queued: 0);
            return;
        }

        MakeRoom(transaction, destination, payload.WrittenCount);
        transaction.Execute("INSERT INTO queue VALUES ($1,$2,$3,$4,$5)", destination.Id, sequence, subscription.Id, Ticks(now), payload.WrittenSpan.ToArray());
        destination.QueuedBytes += payload.WrittenCount;
        destination.Update(s => s with { Queued = s.Queued + 1 });
    }

    // The newest tells best how things are, so the oldest go. The listener sees the gap in the numbers.
    private void MakeRoom(IndicationDatabase.Transaction transaction, DestinationEntry destination, int bytes)
    {
        long mostBytes = Math.Max(2L, _options.MaxQueuedMegabytes) * 1024 * 1024;
        int most = Math.Max(1, _options.MaxQueued);
        while (destination.Status.Queued > 0 && (destination.Status.Queued >= most || destination.QueuedBytes + bytes > mostBytes))
        {
            (long Sequence, long Length) oldest = transaction.Read(
                "SELECT sequence, LENGTH(payload) FROM queue WHERE destination=$1 ORDER BY sequence LIMIT 1", r => (r.GetInt64(0), r.GetInt64(1)), destination.Id)[0];
            transaction.Execute("DELETE FROM queue WHERE destination=$1 AND sequence=$2", destination.Id, oldest.Sequence);
            CountDropped(transaction, destination, 1, oldest.Length, destination.Status.Queued >= most
                ? $"The queue of the destination was full ({most} indications); the oldest gave way."
                : $"The queue of the destination was full ({_options.MaxQueuedMegabytes} MiB); the oldest gave way.");
        }
    }

    private void DropQueued(IndicationDatabase.Transaction transaction, SubscriptionEntry subscription, string reason)
    {
        DestinationEntry destination = subscription.Destination;
        (int Count, long Bytes) queued = transaction.Read(
            "SELECT COUNT(*), COALESCE(SUM(LENGTH(payload)), 0) FROM queue WHERE destination=$1 AND subscription=$2", r => (r.GetInt32(0), r.GetInt64(1)), destination.Id, subscription.Id)[0];
        transaction.Execute("DELETE FROM queue WHERE destination=$1 AND subscription=$2", destination.Id, subscription.Id);
        CountDropped(transaction, destination, queued.Count, queued.Bytes, reason);
    }

    private void CountDropped(IndicationDatabase.Transaction transaction, DestinationEntry destination, int count, long bytes, string reason, int? queued = null)
    {
        if (count == 0)
        {
            return;
        }

        DateTimeOffset now = Now;
        transaction.Execute("UPDATE destinations SET dropped=dropped+$2, dropped_at=$3, drop_reason=$4 WHERE id=$1", destination.Id, count, Ticks(now), reason);
        destination.QueuedBytes -= bytes;
        destination.Update(s => s with { Queued = s.Queued - (queued ?? count), Dropped = s.Dropped + count, DroppedAt = now, DropReason = reason });
        destination.Removed();
        Dropped?.Invoke(destination, count, reason);
    }
}
