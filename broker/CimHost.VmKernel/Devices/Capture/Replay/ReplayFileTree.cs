using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>The captured files. What nobody looked at when they were captured is not there.</summary>
internal sealed class ReplayFileTree : IFileTree
{
    private const int MostLinks = 40;
    private const int LargestRead = 64 * 1024;

    private readonly IReadOnlyDictionary<string, CapturedEntry> _entries;
    private readonly MissedRequests _missed;

    // Directories on the way to what was captured; nobody listed them.
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal) { "/" };

    public ReplayFileTree(IReadOnlyDictionary<string, CapturedEntry> entries, MissedRequests missed)
    {
        (_entries, _missed) = (entries, missed);
        foreach (string path in entries.Where(e => e.Value.Kind != CapturedEntryKind.None).Select(e => e.Key))
        {
            for (int at = path.LastIndexOf('/'); at > 0 && _parents.Add(path[..at]); at = path.LastIndexOf('/', at - 1))
            {
                // Until the root, or a directory that is in the set with all above it.
            }
        }
    }

    public bool DirectoryExists(string path) => Find(path) is { } place && IsDirectory(place);

    public bool FileExists(string path) => Find(path) is { } place && !IsDirectory(place);

    public string? Resolve(string path) => Find(path);

    public IReadOnlyList<string> List(string path)
    {
        if (Find(path) is not { } place || !IsDirectory(place))
        {
            return [];
        }

        CapturedEntry? entry = _entries.GetValueOrDefault(place);
        if (entry?.Fault is { } fault)
        {
            throw fault.ToException();
        }

        return entry?.Names ?? Missed<IReadOnlyList<string>>($"the directory {place}") ?? [];
    }

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => ReadRangeAsync(path, 0, LargestRead, cancellationToken);

    public ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IFileTree.MaxRange);
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(path) is not { } place || IsDirectory(place))
        {
            return ValueTask.FromResult<byte[]?>(null);
        }

        CapturedEntry entry = _entries[place];
        if (entry.Parts is null)
        {
            return entry.Fault is { } fault
                ? ValueTask.FromException<byte[]?>(fault.ToException())
                : ValueTask.FromResult(Missed<byte[]>($"the file {place}"));
        }

        return ValueTask.FromResult<byte[]?>(entry.Read(offset, count));
    }

    private bool IsDirectory(string place) => _parents.Contains(place) || (_entries.TryGetValue(place, out CapturedEntry? entry) && entry.Kind == CapturedEntryKind.Directory);

    private T? Missed<T>(string what)
        where T : class
    {
        _missed.Add("files", what);
        return null;
    }

    // Follows links as seen from the root; null when the path leads nowhere.
    private string? Find(string path)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            return null;
        }

        var ahead = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        string place = string.Empty;
        int links = 0;
        while (ahead.TryPop(out string? name))
        {
            if (name is "." or "..")
            {
                place = name == "." ? place : place[..Math.Max(place.LastIndexOf('/'), 0)];
                continue;
            }

            string next = $"{place}/{name}";
            if (!_entries.TryGetValue(next, out CapturedEntry? entry))
            {
                if (!_parents.Contains(next))
                {
                    _missed.Add("files", $"the path {next}");
                    return null;
                }

                place = next;
                continue;
            }

            switch (entry.Kind)
            {
                case CapturedEntryKind.None:
                    return null;
                case CapturedEntryKind.Link when ++links > MostLinks:
                    return null;
                case CapturedEntryKind.Link:
                    place = string.Empty;
                    foreach (string part in entry.Target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                    {
                        ahead.Push(part);
                    }

                    break;
                default:
                    place = next;
                    break;
            }
        }

        return place.Length == 0 ? "/" : place;
    }
}
