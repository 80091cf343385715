using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>
/// A storage device: its identity, read once, and its last sample. Whoever asks while a reading is under way waits for that one; a reading
/// ends by its own limit, not with the one who asked first.
/// </summary>
internal sealed class StorageDevice(IDiskPort port, StorageOptions options, TimeProvider time, Func<DiskKind, IDiskReader> readers)
{
    private const int MostJobs = 8;

    /// <summary>How long a self-test is told after its end.</summary>
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromMinutes(5);

    private readonly DiskCommands _commands = new(port, options);
    private readonly Lock _lock = new();
    private Task<DiskIdentity>? _identifying;
    private Task<DiskSample>? _sampling;
    private DiskSample? _lastRead;
    private DiskSample? _told;
    private DateTimeOffset _toldAt;
    private List<SelfTestJob> _jobs = [];
    private int _skipped;

    public IDiskPort Port => port;

    /// <summary>What the device is.</summary>
    /// <exception cref="HardwareException">It does not answer.</exception>
    public Task<DiskIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // An identity that could not be read is asked for again.
            if (_identifying is null or { IsCompletedSuccessfully: false, IsCompleted: true })
            {
                _identifying = LimitedAsync(token => Identification.ReadAsync(_commands, token));
            }

            return _identifying.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What the device says of itself; a sample of at most the configured age.</summary>
    /// <exception cref="HardwareException">It does not answer, and never told its identity.</exception>
    public async Task<DiskSample> SampleAsync(CancellationToken cancellationToken)
    {
        DiskIdentity identity = await IdentifyAsync(cancellationToken);
        Task<DiskSample> sampling;
        lock (_lock)
        {
            if (_told is { } told && time.GetUtcNow() - _toldAt < options.SampleAge)
            {
                return told;
            }

            if (_sampling is null or { IsCompleted: true })
            {
                _sampling = ReadAsync(identity);
            }

            sampling = _sampling;
        }

        return await sampling.WaitAsync(cancellationToken);
    }

    /// <summary>Starts a self-test.</summary>
    /// <returns>The answer, and what was started.</returns>
    /// <exception cref="HardwareException">The device refused, or does not answer.</exception>
    public async Task<(SelfTestAnswer Answer, SelfTestJob? Job)> StartSelfTestAsync(SelfTestKind kind, CancellationToken cancellationToken)
    {
        DiskIdentity identity = await IdentifyAsync(cancellationToken);
        DiskSample sample = await SampleAsync(cancellationToken);

        // A disk that sleeps and was never read has not told which tests it has; it refuses those that it has not.
        if (!identity.IsDisk || (sample.HasValues && !sample.SelfTestOffers.Any(o => o.Kind == kind)))
        {
            return (SelfTestAnswer.NotSupported, null);
        }

        if (sample.SelfTestPercent is not null)
        {
            return (SelfTestAnswer.Busy, null);
        }

        await readers(identity.Kind).StartSelfTestAsync(_commands, identity, kind, cancellationToken);
        return (SelfTestAnswer.Started, AddJob(new SelfTestJob(kind, time.GetUtcNow(), sample.SelfTests)));
    }

    /// <summary>The self-tests that were started here, the last one first. Those that ended stay for a while.</summary>
    /// <exception cref="HardwareException">The device never told its identity.</exception>
    public async ValueTask<IReadOnlyList<SelfTestJob>> JobsAsync(CancellationToken cancellationToken)
    {
        if (_jobs.Exists(j => j.State == SelfTestJobState.Running))
        {
            await SampleAsync(cancellationToken);
        }

        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            return _jobs = [.. _jobs.Where(j => j.State == SelfTestJobState.Running || now - j.Changed < KeptAfterEnd)];
        }
    }

    /// <summary>Forgets a self-test that ended.</summary>
    public void Remove(SelfTestJob job)
    {
        lock (_lock)
        {
            _jobs = [.. _jobs.Where(j => j.Key != job.Key)];
        }
    }

    /// <summary>Ends the self-test that runs.</summary>
    /// <exception cref="HardwareException">The device refused, or does not answer.</exception>
    public async Task AbortSelfTestAsync(CancellationToken cancellationToken)
    {
        DiskIdentity identity = await IdentifyAsync(cancellationToken);
        await readers(identity.Kind).AbortSelfTestAsync(_commands, identity, cancellationToken);
        Forget();
    }

    private SelfTestJob AddJob(SelfTestJob job)
    {
        lock (_lock)
        {
            _told = null;
            _jobs = [job, .. _jobs.Take(MostJobs - 1)];
            return job;
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _told = null;
        }
    }

    private async Task<DiskSample> ReadAsync(DiskIdentity identity)
    {
        DiskSample sample;
        try
        {
            bool wake = options.MaxSkippedPolls > 0 && _skipped >= options.MaxSkippedPolls;
            sample = await LimitedAsync(token => readers(identity.Kind).SampleAsync(_commands, identity, wake, time.GetUtcNow(), token));
        }
        catch (HardwareException e)
        {
            // The device is there and does not answer: its last values are told with their age and the reason.
            sample = new DiskSample { Time = time.GetUtcNow(), State = e.Fault == HardwareFault.TimedOut ? ReadingState.TimedOut : ReadingState.Unavailable, Reason = e.Message, HasValues = false };
        }

        lock (_lock)
        {
            _skipped = sample.State == ReadingState.Asleep ? _skipped + 1 : 0;
            if (sample.HasValues)
            {
                _lastRead = sample;
            }
            else if (_lastRead is { } last)
            {
                sample = last with { State = sample.State, Reason = sample.Reason, PowerMode = sample.PowerMode };
            }

            _jobs = _jobs.ConvertAll(j => j.After(sample));
            (_told, _toldAt) = (sample, time.GetUtcNow());
        }

        return sample;
    }

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, ValueTask<T>> read)
    {
        using var limit = new CancellationTokenSource(options.DeviceTimeout, time);
        try
        {
            return await read(limit.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{port.Description} could not be read within {options.DeviceTimeout.TotalSeconds:0.#} s.", e);
        }
    }
}
