using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>The captured files. What nobody looked at when they were captured is not there.</summary>
internal sealed class ReplayFileTree : IFileTree
{
    private const int MostLinks = 40;
    private const int LargestRead = 64 * 1024;

    private readonly IReadOnlyDictionary<string, CapturedEntry> _entries;
    private readonly MissedRequests _missed;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private volatile IReadOnlyDictionary<string, byte[]> _contents = new Dictionary<string, byte[]>();

    // Directories on the way to what was captured; nobody listed them.
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal) { "/" };

    public ReplayFileTree(IReadOnlyDictionary<string, CapturedEntry> entries, MissedRequests missed, FaultRules faults, TimeProvider time)
    {
        (_entries, _missed, _faults, _time) = (entries, missed, faults, time);
        foreach (string path in entries.Where(e => e.Value.Kind != CapturedEntryKind.None).Select(e => e.Key))
        {
            for (int at = path.LastIndexOf('/'); at > 0 && _parents.Add(path[..at]); at = path.LastIndexOf('/', at - 1))
            {
                // Until the root, or a directory that is in the set with all above it.
            }
        }
    }

    /// <summary>Files with other content than was captured, by their path with links resolved.</summary>
    public IReadOnlyDictionary<string, byte[]> Contents
    {
        get => _contents;
        set => _contents = value;
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

        IReadOnlyList<string> names = entry?.Names ?? Missed<IReadOnlyList<string>>($"the directory {place}") ?? [];
        (string prefix, string resolved) = (path.TrimEnd('/') + "/", place.TrimEnd('/') + "/");
        return _faults.Active.Count == 0 ? names : [.. names.Where(n => !FaultGate.IsAbsent(_faults, prefix + n, resolved + n))];
    }

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => ReadRangeAsync(path, 0, LargestRead, cancellationToken);

    public async ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IFileTree.MaxRange);
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(path) is not { } place || IsDirectory(place))
        {
            return null;
        }

        IReadOnlyList<ActiveFault> acting = await FaultGate.BeforeAsync(_faults, path, place, _time, cancellationToken);
        byte[]? bytes = _contents.TryGetValue(place, out byte[]? other)
            ? other[(int)Math.Min(offset, other.Length)..(int)Math.Min(offset + count, other.Length)]
            : Captured(place, offset, count);
        return bytes is null || acting.Count == 0 ? bytes : FaultGate.After(acting, bytes).ToArray();
    }

    private byte[]? Captured(string place, long offset, int count)
    {
        CapturedEntry entry = _entries[place];
        return entry.Parts is not null ? entry.Read(offset, count)
            : entry.Fault is { } fault ? throw fault.ToException()
            : Missed<byte[]>($"the file {place}");
    }

    private bool IsDirectory(string place) => _parents.Contains(place) || (_entries.TryGetValue(place, out CapturedEntry? entry) && entry.Kind == CapturedEntryKind.Directory);

    private T? Missed<T>(string what)
        where T : class
    {
        _missed.Add("files", what);
        return null;
    }

    // Null when the path leads nowhere, or a rule says so.
    private string? Find(string path) => Walk(path) is { } place && !FaultGate.IsAbsent(_faults, path, place) ? place : null;

    // Follows links as seen from the root; null when the path leads nowhere.
    private string? Walk(string path)
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
