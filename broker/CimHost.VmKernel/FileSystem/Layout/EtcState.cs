using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.Boot.State;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.Users.Files;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.FileSystem.Layout;

/// <summary>
/// Keeps /etc in the boot bank: read at boot, and written to state.tgz before a change is acknowledged; a change that cannot be kept is
/// taken back. What is as the image brought it is not saved, so that the next image brings its own. The account files are files of /etc:
/// several of them become current in one write, and whoever changes them, a change that the accounts refuse is not kept.
/// </summary>
public sealed partial class EtcState : IMountPersistence, IAccountFiles, IAsyncDisposable
{
    private const int PublicMode = 0x1A4; // 0644
    private const int SecretMode = 0x180; // 0600

    private static readonly string[] s_public = ["passwd", "group"];

    private readonly StateStore _store;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private MemoryFileSystem? _etc;
    private Func<Func<string, ReadOnlyMemory<byte>?>, Action>? _watcher;

    // What the modules and the layout put into /etc.
    private Dictionary<string, MemoryFileEntry> _image = [];

    // What /etc held when it was last kept, the files of the image included.
    private IReadOnlyList<MemoryFileEntry> _kept = [];

    // What state.tgz holds, or is to hold when the write under way ends.
    private volatile IReadOnlyList<ArchiveEntry> _snapshot;

    private EtcState(StateStore store, IReadOnlyList<ArchiveEntry> saved, ILogger logger)
    {
        _store = store;
        _snapshot = saved;
        _logger = logger;
    }

    private MemoryFileSystem Etc => _etc ?? throw new InvalidOperationException("/etc is not mounted yet.");

    /// <summary>Reads what the bank holds; a damaged state is told in the log, and the one before it is used.</summary>
    /// <param name="bankDirectory">Directory of the boot bank on this computer.</param>
    /// <param name="logger">Log.</param>
    public static EtcState Open(string bankDirectory, ILogger logger)
    {
        EtcState? state = null;
        var store = new StateStore(bankDirectory, () => state!._snapshot, TimeProvider.System, logger);
        return state = new EtcState(store, store.Load().Entries, logger);
    }

    /// <summary>Puts the saved files into /etc, over those of the image that lie there, and begins to save each hour.</summary>
    /// <param name="etc">The ramdisk of /etc with what the image brought.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KernelException">A saved file has no place: ENOSPC, or the image has a directory where it was a file.</exception>
    public async Task RestoreAsync(MemoryFileSystem etc, CancellationToken cancellationToken)
    {
        _image = (await etc.ExportAsync(cancellationToken)).ToDictionary(f => f.Path, StringComparer.Ordinal);
        await etc.ImportAsync(_snapshot.Where(e => e.Path.StartsWith(ArchivedFiles.Folder + "/", StringComparison.Ordinal)).Select(ArchivedFiles.ToFile), cancellationToken);
        _kept = await etc.ExportAsync(cancellationToken);
        _etc = etc;
        _store.StartHourlySave();
    }

    /// <summary>Adds files that the host makes anew at each start, as if the image had brought them; those that are saved stay as they were saved.</summary>
    /// <param name="files">Files by their path below /etc.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AddToImageAsync(IEnumerable<MemoryFileEntry> files, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            HashSet<string> saved = [.. _snapshot.Select(e => e.Path)];
            MemoryFileEntry[] added = [.. files.Where(f => !saved.Contains($"{ArchivedFiles.Folder}/{f.Path}"))];
            await Etc.ImportAsync(added, cancellationToken);
            HashSet<string> paths = [.. added.Select(f => f.Path)];
            _kept = await Etc.ExportAsync(cancellationToken);
            foreach (MemoryFileEntry file in _kept.Where(f => paths.Contains(f.Path)))
            {
                _image[file.Path] = file;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await KeepAsync(static _ => true, []);
        }
        catch (InvalidAccountsException e)
        {
            LogAccountsRefused(e.Message);
            throw new KernelException(Errno.EINVAL, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e.Message);
            throw new KernelException(Errno.EIO, $"The boot bank cannot be written: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            LogNotKept(e.Message);
            throw new KernelException(Errno.ENOSPC, e.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(string name) => Content(_snapshot, name);

    /// <inheritdoc/>
    public void Watch(Func<Func<string, ReadOnlyMemory<byte>?>, Action> watcher) => _watcher = watcher;

    /// <inheritdoc/>
    public async ValueTask ChangeAsync(Func<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyDictionary<string, ReadOnlyMemory<byte>> changed = change();
            if (changed.Count > 0)
            {
                await KeepAsync(changed.ContainsKey, changed.Select(c => ToFile(c.Key, c.Value)));
            }
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException or InvalidDataException or InvalidAccountsException)
        {
            throw new IOException($"The account files cannot be written: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Saves a last time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _turn.Dispose();
    }

    private static ReadOnlyMemory<byte>? Content(IReadOnlyList<ArchiveEntry> entries, string name) =>
        entries.FirstOrDefault(e => e.Path == $"{ArchivedFiles.Folder}/{name}" && e.Type == ArchiveEntryType.RegularFile)?.Content;

    // Keeps what /etc holds after files were put there; when that cannot be, what was changed of the files meant is as it was kept before.
    private async Task KeepAsync(Func<string, bool> isOurs, IEnumerable<MemoryFileEntry> changed)
    {
        IReadOnlyList<ArchiveEntry> before = _snapshot;
        IReadOnlyList<MemoryFileEntry>? files = null;
        try
        {
            await Etc.ImportAsync(changed, CancellationToken.None);
            files = await WithoutHalfWrittenAsync();
            List<ArchiveEntry> after = ArchivedFiles.Pack(files.Where(f => !(_image.TryGetValue(f.Path, out MemoryFileEntry? brought) && brought.IsSame(f))), files);
            Action? takeOver = TakeOver(before, after);
            _snapshot = after;
            await _store.CommitAsync(CancellationToken.None);
            _kept = files;
            takeOver?.Invoke();
        }
        catch
        {
            _snapshot = before;
            await PutBackAsync(files, isOurs);
            throw;
        }
    }

    // A file that somebody is writing is kept as it was before: nothing half-written is in the archive.
    private async Task<IReadOnlyList<MemoryFileEntry>> WithoutHalfWrittenAsync()
    {
        IReadOnlyList<MemoryFileEntry> files = await Etc.ExportAsync(CancellationToken.None);
        if (!files.Any(f => f.IsOpenForWriting))
        {
            return files;
        }

        Dictionary<string, MemoryFileEntry> kept = _kept.ToDictionary(f => f.Path, StringComparer.Ordinal);
        HashSet<string> open = [.. files.Where(f => f.IsOpenForWriting).Select(f => f.Path)];
        return [.. files
            .Select(f => f.IsOpenForWriting || (f.LinkedTo is { } first && open.Contains(first)) ? kept.GetValueOrDefault(f.Path) : f)
            .OfType<MemoryFileEntry>()];
    }

    private Action? TakeOver(IReadOnlyList<ArchiveEntry> before, IReadOnlyList<ArchiveEntry> after)
    {
        bool isSame = IAccountFiles.Names.All(name => (Content(before, name), Content(after, name)) switch
        {
            ({ } old, { } now) => old.Span.SequenceEqual(now.Span),
            (var old, var now) => old is null == now is null,
        });
        if (isSame || _watcher is not { } watcher)
        {
            return null;
        }

        try
        {
            return watcher(name => Content(after, name));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidAccountsException(e.Message, e);
        }
    }

    private async Task PutBackAsync(IReadOnlyList<MemoryFileEntry>? tried, Func<string, bool> isOurs)
    {
        try
        {
            tried ??= await WithoutHalfWrittenAsync();
            await MemoryUndo.RunAsync(Etc, [.. _kept.Where(f => isOurs(f.Path))], [.. tried.Where(f => isOurs(f.Path))], CancellationToken.None);
        }
        catch (KernelException e)
        {
            LogNotPutBack(e.Message);
        }
    }

    private static MemoryFileEntry ToFile(string name, ReadOnlyMemory<byte> content) => new(
        name, FileType.Regular, s_public.Contains(name, StringComparer.Ordinal) ? PublicMode : SecretMode, 0, 0, (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100, content);

    [LoggerMessage(4531, LogLevel.Error, "A change of /etc could not be kept and was taken back: {Reason}")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(4532, LogLevel.Error, "A change of the account files in /etc was taken back, and the accounts stay as they were: {Reason}")]
    private partial void LogAccountsRefused(string reason);

    [LoggerMessage(4533, LogLevel.Error, "A change of /etc that could not be kept could not be taken back either, and is gone at the next start: {Reason}")]
    private partial void LogNotPutBack(string reason);

    private sealed class InvalidAccountsException(string message, Exception inner) : Exception(message, inner);
}
