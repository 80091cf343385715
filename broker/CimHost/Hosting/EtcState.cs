using CimHost.VmKernel;
using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.Boot.State;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.Users.Files;

namespace CimHost.Hosting;

/// <summary>
/// Keeps /etc in the boot bank: read at boot, and written to state.tgz before a change is acknowledged. The account files are files of
/// /etc; several of them become current in one write.
/// </summary>
internal sealed class EtcState : IMountPersistence, IAccountFiles, IAsyncDisposable
{
    private const string Folder = "etc";
    private const int PublicMode = 0x1A4; // 0644
    private const int SecretMode = 0x180; // 0600

    private static readonly string[] s_public = ["passwd", "group"];

    private readonly StateStore _store;
    private readonly SemaphoreSlim _turn = new(1);
    private MemoryFileSystem? _etc;

    // What state.tgz holds, or is to hold when the write under way ends. As every change of /etc is written, it is also what /etc holds.
    private volatile IReadOnlyList<ArchiveEntry> _snapshot;

    private EtcState(StateStore store, IReadOnlyList<ArchiveEntry> saved)
    {
        _store = store;
        _snapshot = saved;
    }

    private MemoryFileSystem Etc => _etc ?? throw new InvalidOperationException("/etc is not mounted yet.");

    /// <summary>Reads what the bank holds; a damaged state is told in the log, and the one before it is used.</summary>
    public static EtcState Open(string bankDirectory, ILogger logger)
    {
        EtcState? state = null;
        var store = new StateStore(bankDirectory, () => state!._snapshot, TimeProvider.System, logger);
        return state = new EtcState(store, store.Load().Entries);
    }

    /// <summary>Puts the saved files into /etc, and begins to save each hour.</summary>
    public async Task RestoreAsync(MemoryFileSystem etc, CancellationToken cancellationToken)
    {
        await etc.ImportAsync(_snapshot.Where(e => e.Path.StartsWith(Folder + "/", StringComparison.Ordinal)).Select(ToFile), cancellationToken);
        _etc = etc;
        _store.StartHourlySave();
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelException(Errno.EIO, $"The boot bank cannot be written: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            throw new KernelException(Errno.ENOSPC, e.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(string name) => _snapshot.FirstOrDefault(e => e.Path == $"{Folder}/{name}" && e.Type == ArchiveEntryType.RegularFile)?.Content;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> changed, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        IReadOnlyList<ArchiveEntry> before = _snapshot;
        try
        {
            await Etc.ImportAsync(changed.Select(c => ToFile(c.Key, c.Value)), CancellationToken.None);
            await WriteAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _snapshot = before;
            await Etc.ImportAsync(before.Where(b => changed.ContainsKey(b.Path[(Folder.Length + 1)..])).Select(ToFile), CancellationToken.None);
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

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        _snapshot = ToArchive(await Etc.ExportAsync(cancellationToken));
        await _store.CommitAsync(cancellationToken);
    }

    // A file that somebody is writing is kept as it was before: nothing half-written is in the archive.
    private List<ArchiveEntry> ToArchive(IReadOnlyList<MemoryFileEntry> files)
    {
        Dictionary<string, ArchiveEntry> before = _snapshot.ToDictionary(e => e.Path, StringComparer.Ordinal);
        Dictionary<string, ReadOnlyMemory<byte>> contents = files.Where(f => f.Type == FileType.Regular && f.LinkedTo is null).ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal);
        List<ArchiveEntry> entries = [];
        foreach (MemoryFileEntry file in files.Where(f => f.Path.Length > 0))
        {
            string path = $"{Folder}/{file.Path}";
            if (!file.IsOpenForWriting)
            {
                entries.Add(ToEntry(path, file, file.LinkedTo is { } other ? contents[other] : file.Content));
            }
            else if (before.TryGetValue(path, out ArchiveEntry? old))
            {
                entries.Add(old);
            }
        }

        return entries;
    }

    private static ArchiveEntry ToEntry(string path, MemoryFileEntry file, ReadOnlyMemory<byte> content)
    {
        ArchiveEntryType type = file.Type switch
        {
            FileType.Directory => ArchiveEntryType.Directory,
            FileType.SymbolicLink => ArchiveEntryType.SymbolicLink,
            _ => ArchiveEntryType.RegularFile,
        };
        return new ArchiveEntry(path, type, file.Mode, file.UserId, file.GroupId, DateTimeOffset.UnixEpoch.AddTicks(file.ModificationTime / 100))
        {
            Content = type == ArchiveEntryType.RegularFile ? content : default,
            LinkTarget = file.Target ?? string.Empty,
        };
    }

    private static MemoryFileEntry ToFile(ArchiveEntry entry)
    {
        FileType type = entry.Type switch
        {
            ArchiveEntryType.Directory => FileType.Directory,
            ArchiveEntryType.SymbolicLink => FileType.SymbolicLink,
            _ => FileType.Regular,
        };
        return new MemoryFileEntry(
            entry.Path[(Folder.Length + 1)..],
            type,
            entry.Mode,
            entry.UserId,
            entry.GroupId,
            (entry.ModificationTime - DateTimeOffset.UnixEpoch).Ticks * 100,
            entry.Content,
            type == FileType.SymbolicLink ? entry.LinkTarget : null);
    }

    private static MemoryFileEntry ToFile(string name, ReadOnlyMemory<byte> content) => new(
        name, FileType.Regular, s_public.Contains(name, StringComparer.Ordinal) ? PublicMode : SecretMode, 0, 0, (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100, content);
}
