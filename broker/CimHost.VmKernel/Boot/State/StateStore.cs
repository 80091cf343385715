using System.Security.Cryptography;
using CimHost.VmKernel.Boot.Archives;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Boot.State;

/// <summary>
/// Keeps the configuration of a running host in <c>state.tgz</c> of its boot bank. A change is durable when <see cref="CommitAsync"/> has
/// returned. Callers that come while a state is being written share the next one (group commit), so that their number does not slow any of
/// them down. Packing, writing and waiting for the disk happen on a thread of its own, never on one of the pool.
/// </summary>
public sealed partial class StateStore : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DurableDirectory _directory;
    private readonly Func<IReadOnlyList<ArchiveEntry>> _snapshot;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _next;
    private Task _writer = Task.CompletedTask;
    private bool _isWriting;
    private bool _isClosed;
    private Task _hourly = Task.CompletedTask;
    private byte[]? _onDisk;
    private bool? _currentIsGood;
    private long _commits;
    private long _writes;

    /// <summary>Creates the store of a bank.</summary>
    /// <param name="bankDirectory">Directory of the bank that the host runs from (<see cref="BootBank.Directory"/>).</param>
    /// <param name="snapshot">
    /// Gives all sticky entries as they are at that instant, parents first; called on the store's thread, one call at a time. What it
    /// throws fails the commits that waited for it.
    /// </param>
    /// <param name="time">The clock of the hourly save.</param>
    /// <param name="logger">Where what a person wants to know goes.</param>
    public StateStore(string bankDirectory, Func<IReadOnlyList<ArchiveEntry>> snapshot, TimeProvider time, ILogger logger)
    {
        _directory = new DurableDirectory(Path.TrimEndingDirectorySeparator(Path.GetFullPath(bankDirectory)));
        _snapshot = snapshot;
        _time = time;
        _logger = logger;
    }

    /// <summary>How many commits have been asked for.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>How many states have been written for them.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>
    /// Reads what was saved: <c>state.tgz</c>, or <c>state.tgz.1</c> when that one is missing or damaged. Call it once, at boot, before the
    /// first commit. It reads files and blocks meanwhile.
    /// </summary>
    public LoadedState Load()
    {
        LoadedState loaded = ReadSaved();
        if (loaded.Warning is { } warning)
        {
            LogDamaged(warning);
        }

        return loaded;
    }

    /// <summary>Returns when a snapshot that was taken after this call began is on disk.</summary>
    /// <param name="cancellationToken">Gives up waiting; whether the change becomes durable is open then.</param>
    /// <exception cref="IOException">It could not be written (a full disk); the state that was saved before is as it was.</exception>
    /// <exception cref="InvalidDataException">The configuration is larger than a state may be.</exception>
    /// <exception cref="ObjectDisposedException">The host has shut down.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return Enqueue().WaitAsync(cancellationToken);
        }
    }

    /// <summary>Begins to save in the first minute of every hour (UTC); a save that fails is logged and tried again at the next.</summary>
    public void StartHourlySave()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_hourly.IsCompleted)
            {
                _hourly = SaveEachHourAsync(_stop.Token);
            }
        }
    }

    /// <summary>Saves a last time and closes the store; commits that wait are finished.</summary>
    /// <exception cref="IOException">The last state could not be written.</exception>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            last = Enqueue();
        }

        await _stop.CancelAsync();
        await _hourly;
        try
        {
            await last;
        }
        finally
        {
            await _writer;
            _stop.Dispose();
        }
    }

    // A batch that waits has not taken its snapshot yet; one that has taken it is not _next any more.
    private Task Enqueue()
    {
        Interlocked.Increment(ref _commits);
        _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task batch = _next.Task;
        if (!_isWriting)
        {
            _isWriting = true;
            _writer = Task.Factory.StartNew(WriteBatches, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return batch;
    }

    private void WriteBatches()
    {
        while (true)
        {
            TaskCompletionSource batch;
            lock (_lock)
            {
                if (_next is null)
                {
                    _isWriting = false;
                    return;
                }

                batch = _next;
                _next = null;
            }

            try
            {
                WriteSnapshot();
                batch.SetResult();
            }
            catch (Exception e)
            {
                _onDisk = null;
                batch.SetException(e);

                // Its waiters may all have given up; that nobody looks at the exception is no fault then.
                _ = batch.Task.Exception;
            }
        }
    }

    private void WriteSnapshot()
    {
        using MemoryStream tar = ArchiveCodec.Pack(_snapshot(), ArchiveLimits.State);
        byte[] digest = SHA256.HashData(tar.GetBuffer().AsSpan(0, (int)tar.Length));
        if (_onDisk is not null && digest.AsSpan().SequenceEqual(_onDisk) && File.Exists(_directory.Of(StateArchive.FileName)))
        {
            return;
        }

        using MemoryStream state = StateArchive.Wrap(tar);
        if (state.Length > StateArchive.MaxPackedBytes)
        {
            throw new InvalidDataException($"The configuration has {state.Length} bytes when packed; at most {StateArchive.MaxPackedBytes} are saved.");
        }

        // A state that cannot be read must not take the place of the previous one, which the next boot may need.
        _currentIsGood ??= TryRead(StateArchive.FileName, out _) is not null || !File.Exists(_directory.Of(StateArchive.FileName));
        string keepAs = _currentIsGood.Value ? StateArchive.PreviousFileName : StateArchive.DamagedFileName;
        _directory.WriteKeeping(StateArchive.FileName, keepAs, state.WriteTo);
        _currentIsGood = true;
        _onDisk = digest;
        Interlocked.Increment(ref _writes);
    }

    private LoadedState ReadSaved()
    {
        if (TryRead(StateArchive.FileName, out string? problem) is { } current)
        {
            _currentIsGood = true;
            return new LoadedState(current, StateSource.Current, null);
        }

        _currentIsGood = false;
        if (TryRead(StateArchive.PreviousFileName, out string? older) is { } previous)
        {
            return new LoadedState(previous, StateSource.Previous, $"{problem ?? $"{_directory.Of(StateArchive.FileName)} is missing"}. The state before it, {_directory.Of(StateArchive.PreviousFileName)}, is used: changes made since are lost.");
        }

        if (problem is null && older is null)
        {
            _currentIsGood = true;
            return new LoadedState([], StateSource.None, null);
        }

        return new LoadedState([], StateSource.None, $"The saved configuration is lost and the host starts with its defaults: {string.Join("; ", new[] { problem, older }.OfType<string>())}. What can be saved of it by hand is kept as {_directory.Of(StateArchive.DamagedFileName)}.");
    }

    // Null without a problem: there is no such file.
    private IReadOnlyList<ArchiveEntry>? TryRead(string name, out string? problem)
    {
        string file = _directory.Of(name);
        problem = null;
        try
        {
            return StateArchive.Read(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problem = $"{file} cannot be used: {e.Message}";
            return null;
        }
    }

    private async Task SaveEachHourAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            DateTimeOffset now = _time.GetUtcNow();
            TimeSpan untilNext = TimeSpan.FromHours(1) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerHour);
            try
            {
                await Task.Delay(untilNext, _time, cancellationToken);
                await CommitAsync(cancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                LogNotSaved(e.Message);
            }
        }
    }

    [LoggerMessage(4511, LogLevel.Error, "{Warning}")]
    private partial void LogDamaged(string warning);

    [LoggerMessage(4512, LogLevel.Error, "The configuration could not be saved in this hour; the state saved before is as it was: {Reason}")]
    private partial void LogNotSaved(string reason);
}
