using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>
/// Files of which is written down what is read, listed or looked for. A file that was read once is not read again: a capture is a still
/// picture, in which counters of one moment stand side by side.
/// </summary>
internal sealed class RecordingFileTree(IFileTree tree, MachineCapture capture, RecordingLimits limits) : IFileTree, IRecordingPort
{
    // What a recording asks on its own about the entries of a directory; a larger one is listed with names only.
    private const int MostEntries = 10_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<(string Path, long Offset, int Count), byte[]?> _read = new();

    public object Inner => tree;

    public bool DirectoryExists(string path) => Note(path) is { } place && EntryKind(place) == CapturedEntryKind.Directory;

    public bool FileExists(string path) => Note(path) is { } place && EntryKind(place) == CapturedEntryKind.File;

    public string? Resolve(string path) => Note(path);

    public IReadOnlyList<string> List(string path)
    {
        if (Note(path) is not { } place || EntryKind(place) != CapturedEntryKind.Directory)
        {
            return [];
        }

        lock (_lock)
        {
            if (capture.Files.TryGetValue(place, out CapturedEntry? known) && known.Names is { } before)
            {
                return before;
            }
        }

        IReadOnlyList<string> names;
        try
        {
            names = tree.List(place);
        }
        catch (HardwareException e)
        {
            Change(place, entry => entry.Fault = CapturedFault.Of(e));
            throw;
        }

        if (limits.Take(names.Sum(n => n.Length)))
        {
            Change(place, entry => entry.Names = names);
            foreach (string name in names.Take(MostEntries))
            {
                Note($"{(place == "/" ? string.Empty : place)}/{name}");
            }
        }

        return names;
    }

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => ReadAsync(path, 0, -1, cancellationToken);

    public ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(path, offset, count, cancellationToken);

    private async ValueTask<byte[]?> ReadAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Note(path) is not { } place || EntryKind(place) == CapturedEntryKind.Directory)
        {
            return count < 0 ? await tree.ReadAsync(path, cancellationToken) : await tree.ReadRangeAsync(path, offset, count, cancellationToken);
        }

        if (_read.TryGetValue((place, offset, count), out byte[]? known))
        {
            return known;
        }

        try
        {
            byte[]? bytes = count < 0 ? await tree.ReadAsync(path, cancellationToken) : await tree.ReadRangeAsync(path, offset, count, cancellationToken);
            if (bytes is not null && limits.Take(bytes.Length))
            {
                _read[(place, offset, count)] = bytes;
                Change(place, entry => entry.Add(offset, bytes));
            }

            return bytes;
        }
        catch (HardwareException e)
        {
            Change(place, entry => entry.Fault = CapturedFault.Of(e));
            throw;
        }
    }

    // Writes down what lies on the way to a path, and returns the path without links; null when it leads nowhere.
    private string? Note(string path)
    {
        string place = string.Empty;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                place = place[..Math.Max(place.LastIndexOf('/'), 0)];
                continue;
            }

            if (Step($"{place}/{name}") is not { } next)
            {
                return null;
            }

            place = next == "/" ? string.Empty : next;
        }

        return place.Length == 0 ? "/" : place;
    }

    private string? Step(string path)
    {
        lock (_lock)
        {
            if (capture.Files.TryGetValue(path, out CapturedEntry? before) && before.Kind != CapturedEntryKind.None)
            {
                return before.Kind == CapturedEntryKind.Link ? before.Target : path;
            }
        }

        string? place = tree.Resolve(path);
        CapturedEntry found = place is null ? new CapturedEntry(CapturedEntryKind.None)
            : place != path ? new CapturedEntry(CapturedEntryKind.Link) { Target = place }
            : new CapturedEntry(tree.DirectoryExists(path) ? CapturedEntryKind.Directory : CapturedEntryKind.File);
        if (limits.Take(path.Length))
        {
            lock (_lock)
            {
                // Another thread may have come by, and have read it already.
                if (!capture.Files.TryGetValue(path, out CapturedEntry? known) || known.Kind == CapturedEntryKind.None)
                {
                    capture.Files[path] = found;
                }
            }
        }

        // What a link leads to is on its own way; there are no links on it any more.
        return place is not null && place != path ? Note(place) : place;
    }

    private CapturedEntryKind EntryKind(string place)
    {
        lock (_lock)
        {
            if (capture.Files.TryGetValue(place, out CapturedEntry? entry))
            {
                return entry.Kind;
            }
        }

        return tree.DirectoryExists(place) ? CapturedEntryKind.Directory : CapturedEntryKind.File;
    }

    private void Change(string place, Action<CapturedEntry> change)
    {
        lock (_lock)
        {
            if (!capture.Files.TryGetValue(place, out CapturedEntry? entry))
            {
                // The root, which nothing leads to, or what there was no room for.
                if (place != "/")
                {
                    return;
                }

                capture.Files[place] = entry = new CapturedEntry(CapturedEntryKind.Directory);
            }

            change(entry);
        }
    }
}
