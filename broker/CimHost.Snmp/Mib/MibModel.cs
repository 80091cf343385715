using CimHost.Alerts;
using CimHost.Sdk.Operations;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;
using CimHost.Snmp.Mib.Modules;
using CimHost.Snmp.Mib.Persistence;
using CimHost.Snmp.Mib.Tree;
using Microsoft.Extensions.Logging;

namespace CimHost.Snmp.Mib;

/// <summary>
/// The variables of every MIB, made of the CIM model. They are read in the background, and only while somebody asks: the first request
/// after a quiet time starts a reading and is answered from what was read last. Requests never wait for hardware.
/// </summary>
public sealed partial class MibModel : IMibTree, IAsyncDisposable
{
    private readonly MibOptions _options;
    private readonly Func<ICimOperations?> _cim;
    private readonly IAlertLog? _alerts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MibStore _store;
    private readonly MibSettings _settings;
    private readonly CimReader _reader;
    private readonly IReadOnlyList<MibModule> _modules;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _buildLock = new();
    private readonly Task _running;
    private volatile Current _current;
    private volatile TaskCompletionSource _nextReading = NewReading();
    private long _askedAt;

    /// <summary>Opens the store and serves what needs no reading. Reading begins with the first request.</summary>
    /// <param name="options">How.</param>
    /// <param name="cim">The host's operations; gives null while the object manager does not run.</param>
    /// <param name="engine">The SNMP engine.</param>
    /// <param name="alerts">Alerts; null when there are none to show.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    /// <exception cref="InvalidDataException">The store is none of this host or is damaged.</exception>
    public MibModel(MibOptions options, Func<ICimOperations?> cim, ISnmpEngineFacts engine, IAlertLog? alerts, TimeProvider time, ILogger<MibModel> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _cim, _alerts, _time, _logger) = (options, cim, alerts, time, logger);
        _reader = new CimReader(time);
        _store = MibStore.Open(options.StorePath);
        _settings = new MibSettings(_store, options);
        _settings.Attach(engine);
        var facts = new MibFacts(options, engine, _settings, time, () => _current?.Machine.Cim.ReadAt);
        _modules = MibModules.All(facts);
        _current = Build(CimSnapshot.Empty, null);
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>When the model was last read; null when it never was.</summary>
    public DateTimeOffset? ReadAt => _current.Machine.Cim.ReadAt;

    /// <summary>The modules, for the MIB's text.</summary>
    internal IReadOnlyList<MibModule> Modules => _modules;

    /// <summary>The variables as they are now.</summary>
    internal MibTree Tree => _current.Tree;

    /// <inheritdoc/>
    public SnmpValue Get(Oid name)
    {
        Asked();
        return _current.Tree.Get(name);
    }

    /// <inheritdoc/>
    public bool TryGetNext(Oid after, out VarBind next)
    {
        Asked();
        return _current.Tree.TryGetNext(after, out next);
    }

    /// <inheritdoc/>
    public bool IsTimeStamp(Oid name) => _current.Tree.IsTimeStamp(name);

    /// <inheritdoc/>
    public (SnmpErrorStatus Status, int Index) TestSet(IReadOnlyList<VarBind> variables) => MibSettings.Test(variables, _current, out _);

    /// <inheritdoc/>
    public ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(IReadOnlyList<VarBind> variables, CancellationToken cancellationToken)
    {
        (SnmpErrorStatus Status, int Index) result = _settings.Set(variables, _current);
        if (result.Status == SnmpErrorStatus.NoError)
        {
            // What was set is read back at once.
            Publish(_current.Machine.Cim);
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>
    /// Starts a reading when the last one is older than the interval, and waits for it. An agent may call it before it answers, with a
    /// limit of its own, so that the first request after a quiet time does not get old values.
    /// </summary>
    /// <returns>True when what is served now is no older than the interval.</returns>
    public async ValueTask<bool> FreshenAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Asked();
        if (IsFresh)
        {
            return true;
        }

        Task reading = _nextReading.Task;
        Wake();
        try
        {
            await reading.WaitAsync(limit, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }

        return IsFresh;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _store.Dispose();
        _stop.Dispose();
        _wake.Dispose();
    }

    private bool IsFresh => ReadAt is { } read && _time.GetUtcNow() - read <= _options.Interval;

    private static TaskCompletionSource NewReading() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Asked()
    {
        Volatile.Write(ref _askedAt, _time.GetTimestamp());
        if (_current.IsOld(_time, _options.Interval))
        {
            Wake();
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another request woke it in the same moment.
            }
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stop);
                do
                {
                    await ReadOnceAsync(stop);
                    await Task.Delay(_options.Interval, _time, stop);
                }
                while (_time.GetElapsedTime(Volatile.Read(ref _askedAt)) < _options.KeepReading);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
        finally
        {
            _nextReading.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task ReadOnceAsync(CancellationToken stop)
    {
        try
        {
            if (_cim() is { } cim)
            {
                Publish(await _reader.ReadAsync(cim, _current.Machine.Cim, stop));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Whatever it was, the agent goes on with what it has; its age shows.
            LogReadFailed(e.Message);
        }

        TaskCompletionSource done = _nextReading;
        _nextReading = NewReading();
        done.TrySetResult();
    }

    private void Publish(CimSnapshot cim)
    {
        lock (_buildLock)
        {
            _current = Build(cim, _current);
        }
    }

    private Current Build(CimSnapshot cim, Current? before)
    {
        var machine = new MachineView(cim, _options.SystemName, _store, _alerts) { History = EntityHistory.Next(before?.Machine, _time.GetUtcNow()) };
        machine.History.Note(machine.Entities);
        var builder = new MibTreeBuilder();
        foreach (MibModule module in _modules)
        {
            foreach (IMibNode node in module.Nodes)
            {
                foreach (MibObject mibObject in node.Objects)
                {
                    builder.Declare(mibObject);
                }

                node.AddTo(builder, machine);
            }
        }

        MibTree tree = builder.Build();
        foreach (string refused in builder.Refused)
        {
            LogRefused(refused);
        }

        return new Current(machine, tree, _time.GetTimestamp());
    }

    [LoggerMessage(5201, LogLevel.Warning, "The CIM model could not be read for SNMP: {Reason}. What was read before is served")]
    private partial void LogReadFailed(string reason);

    [LoggerMessage(5202, LogLevel.Error, "A variable is left out of the MIBs: {Reason}. This is a fault of CimHost")]
    private partial void LogRefused(string reason);

    /// <summary>What is served.</summary>
    /// <param name="Machine">The host.</param>
    /// <param name="Tree">Its variables.</param>
    /// <param name="BuiltAt">Timestamp.</param>
    internal sealed record Current(MachineView Machine, MibTree Tree, long BuiltAt)
    {
        /// <summary>True when the model should be read again.</summary>
        public bool IsOld(TimeProvider time, TimeSpan interval) => Machine.Cim.ReadAt is null || time.GetElapsedTime(BuiltAt) > interval;
    }
}
