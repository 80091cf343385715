using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>A listener destination with the state of its queue. The state outlives changes of the CIM instance.</summary>
internal sealed class DestinationEntry
{
    private readonly Lock _lock = new();
    private DestinationStatus _status;
    private CimInstance _instance;
    private long _removals;

    public DestinationEntry(long id, CimInstance instance, string context, DestinationStatus status, long queuedBytes)
    {
        Id = id;
        Context = context;
        QueuedBytes = queuedBytes;
        _instance = instance;
        _status = status;
    }

    /// <summary>Number in the database; never used twice.</summary>
    public long Id { get; }

    /// <summary>Value of SequenceContext.</summary>
    public string Context { get; }

    /// <summary>Bytes that wait. For the writing task alone.</summary>
    public long QueuedBytes { get; set; }

    /// <summary>Set when the destination was deleted.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>The CIM_ListenerDestination, password included.</summary>
    public CimInstance Instance
    {
        get => Volatile.Read(ref _instance);
        set => Volatile.Write(ref _instance, value);
    }

    /// <summary>Where it is sent to.</summary>
    public string Url => Instance["Destination"].AsString() ?? string.Empty;

    /// <summary>Name for people.</summary>
    public string Name => Instance["Name"].AsString() ?? string.Empty;

    /// <summary>Counts how often indications were taken out of the queue without having been delivered.</summary>
    public long Removals => Interlocked.Read(ref _removals);

    /// <summary>How it does now.</summary>
    public DestinationStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Changes what is told of it.</summary>
    public void Update(Func<DestinationStatus, DestinationStatus> change)
    {
        lock (_lock)
        {
            _status = change(_status);
        }
    }

    /// <summary>Says that indications were taken out of the queue.</summary>
    public void Removed() => Interlocked.Increment(ref _removals);

    /// <summary>Takes over the state of the same destination as it was read anew from the database.</summary>
    public void Reset(DestinationEntry read)
    {
        QueuedBytes = read.QueuedBytes;
        DestinationStatus stored = read.Status;
        Update(s => s with
        {
            Queued = stored.Queued,
            Delivered = stored.Delivered,
            DeliveredAt = stored.DeliveredAt,
            Dropped = stored.Dropped,
            DroppedAt = stored.DroppedAt,
            DropReason = stored.DropReason,
            NextSequence = stored.NextSequence,
        });
        Removed();
    }
}
