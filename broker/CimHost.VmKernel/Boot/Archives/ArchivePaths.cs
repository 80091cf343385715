using System.Text;

namespace CimHost.VmKernel.Boot.Archives;

/// <summary>The paths that one archive has named so far; each is checked as it comes.</summary>
internal sealed class ArchivePaths(ArchiveLimits limits)
{
    private readonly Dictionary<string, ArchiveEntryType> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes an entry in, or says why it is refused.</summary>
    public string? Refuse(string path, ArchiveEntryType type, string linkTarget)
    {
        if (RefusePath(path) is { } reason)
        {
            return reason;
        }

        // An entry below a link would land wherever the link leads; one below a file lands nowhere.
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_seen.TryGetValue(path[..slash], out ArchiveEntryType parent) && parent != ArchiveEntryType.Directory)
            {
                return $"it lies below {path[..slash]}, which is no directory";
            }
        }

        if (type == ArchiveEntryType.SymbolicLink && RefuseTarget(path, linkTarget) is { } wrong)
        {
            return wrong;
        }

        if (_seen.Count >= limits.MaxEntries)
        {
            return $"there are more than {limits.MaxEntries} entries";
        }

        return _seen.TryAdd(path, type) ? null : "it is there twice";
    }

    private static string? RefusePath(string path)
    {
        if (path.Length == 0 || path[0] == '/')
        {
            return "its path is empty or absolute";
        }

        if (path.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(path) > ArchiveLimits.MaxPathBytes)
        {
            return $"its path has a NUL or more than {ArchiveLimits.MaxPathBytes} bytes";
        }

        foreach (Range part in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> name = path.AsSpan()[part];
            if (name is "" or "." or "..")
            {
                return "its path has an empty, \".\" or \"..\" component";
            }

            if (Encoding.UTF8.GetByteCount(name) > ArchiveLimits.MaxNameBytes)
            {
                return $"a component of its path has more than {ArchiveLimits.MaxNameBytes} bytes";
            }
        }

        return null;
    }

    private string? RefuseTarget(string path, string target)
    {
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(target) > ArchiveLimits.MaxPathBytes)
        {
            return $"its link target is empty, has a NUL or more than {ArchiveLimits.MaxPathBytes} bytes";
        }

        // An absolute target starts at the root of the in-memory file system and cannot lead above it.
        int depth = target[0] == '/' ? 0 : path.AsSpan().Count('/');
        foreach (Range part in target.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> name = target.AsSpan()[part];
            depth += name is ".." ? -1 : name is "" or "." ? 0 : 1;
            if (depth < 0 && limits.ConfinedLinks)
            {
                return $"its link target {target} leads above the root";
            }
        }

        return null;
    }
}
