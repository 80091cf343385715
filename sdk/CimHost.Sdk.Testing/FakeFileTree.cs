using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>
/// Files of a kernel that exist in a test only: directories, files and symbolic links under absolute paths, as in /sys. Directories come
/// into being with what lies in them.
/// </summary>
public sealed class FakeFileTree : IFileTree
{
    private const int MaxLinks = 40;
    private const int MaxRead = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Node _root = new();

    /// <summary>Adds or replaces a file of text; the line feed with which sysfs ends is the caller's.</summary>
    public FakeFileTree Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds or replaces a file of bytes.</summary>
    public FakeFileTree Add(string path, byte[] content) => Add(path, _ => ValueTask.FromResult(content));

    /// <summary>Adds or replaces a file whose content a function makes at each read; it may throw or wait.</summary>
    public FakeFileTree Add(string path, Func<CancellationToken, ValueTask<byte[]>> read)
    {
        Put(path, new Node { Read = read });
        return this;
    }

    /// <summary>Adds or replaces a file that the kernel refuses to read, as it does with EIO or ENXIO.</summary>
    public FakeFileTree AddUnreadable(string path, HardwareFault fault, string reason) =>
        Add(path, _ => throw new HardwareException(fault, $"{path} cannot be read: {reason}"));

    /// <summary>Adds or replaces a symbolic link; the target is absolute or relative to the link's directory.</summary>
    public FakeFileTree AddLink(string path, string target)
    {
        Put(path, new Node { Target = target });
        return this;
    }

    /// <summary>Adds an empty directory.</summary>
    public FakeFileTree AddDirectory(string path)
    {
        Put(path, null);
        return this;
    }

    /// <summary>Removes a file, a link, or a directory with all that is in it; nothing happens when it does not exist.</summary>
    public void Remove(string path)
    {
        string[] parts = Split(path);
        lock (_lock)
        {
            Node? node = _root;
            foreach (string part in parts[..^1])
            {
                node = node?.Entries.GetValueOrDefault(part);
            }

            node?.Entries.Remove(parts[^1]);
        }
    }

    /// <summary>Adds a directory of the real file system with its files and symbolic links, below the given path.</summary>
    public FakeFileTree AddFolder(string path, string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            string name = path.TrimEnd('/') + "/" + entry.Name;
            if (entry.LinkTarget is { } target)
            {
                AddLink(name, target);
            }
            else if (entry is DirectoryInfo)
            {
                AddDirectory(name).AddFolder(name, entry.FullName);
            }
            else
            {
                Add(name, File.ReadAllBytes(entry.FullName));
            }
        }

        return this;
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Find(path) is { Node.IsDirectory: true };

    /// <inheritdoc/>
    public bool FileExists(string path) => Find(path) is { Node.Read: not null };

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path)
    {
        lock (_lock)
        {
            return Find(path) is { Node: { IsDirectory: true } node } ? [.. node.Entries.Keys] : [];
        }
    }

    /// <inheritdoc/>
    public string? Resolve(string path) => Find(path)?.Path;

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => ReadRangeAsync(path, 0, MaxRead, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IFileTree.MaxRange);
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(path) is not { Node.Read: { } read })
        {
            return null;
        }

        byte[] content = await read(cancellationToken);
        return content[(int)Math.Min(offset, content.Length)..(int)Math.Min(offset + count, content.Length)];
    }

    private static string[] Split(string path) => path.StartsWith('/')
        ? path.Split('/', StringSplitOptions.RemoveEmptyEntries)
        : throw new ArgumentException($"'{path}' is not an absolute path.", nameof(path));

    private void Put(string path, Node? node)
    {
        string[] parts = Split(path);
        lock (_lock)
        {
            Node parent = _root;
            for (int i = 0; i < (node is null ? parts.Length : parts.Length - 1); i++)
            {
                if (!parent.Entries.TryGetValue(parts[i], out Node? next) || !next.IsDirectory)
                {
                    parent.Entries[parts[i]] = next = new Node();
                }

                parent = next;
            }

            if (node is not null)
            {
                parent.Entries[parts[^1]] = node;
            }
        }
    }

    // Follows links component by component, as a kernel does; ".." goes up from where a link has led.
    private (Node Node, string Path)? Find(string path)
    {
        lock (_lock)
        {
            var ahead = new LinkedList<string>(Split(path));
            var trail = new List<(string Name, Node Node)>();
            Node at = _root;
            for (int links = 0; ahead.First is { } part;)
            {
                ahead.RemoveFirst();
                if (part.Value == ".")
                {
                    continue;
                }

                if (part.Value == "..")
                {
                    trail.RemoveRange(Math.Max(0, trail.Count - 1), Math.Min(1, trail.Count));
                    at = trail.Count == 0 ? _root : trail[^1].Node;
                    continue;
                }

                if (!at.Entries.TryGetValue(part.Value, out Node? next))
                {
                    return null;
                }

                if (next.Target is not { } target)
                {
                    trail.Add((part.Value, next));
                    at = next;
                    continue;
                }

                if (++links > MaxLinks)
                {
                    return null;
                }

                if (target.StartsWith('/'))
                {
                    trail.Clear();
                    at = _root;
                }

                foreach (string step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    ahead.AddFirst(step);
                }
            }

            return (at, "/" + string.Join('/', trail.Select(t => t.Name)));
        }
    }

    private sealed class Node
    {
        public SortedDictionary<string, Node> Entries { get; } = new(StringComparer.Ordinal);

        public Func<CancellationToken, ValueTask<byte[]>>? Read { get; init; }

        public string? Target { get; init; }

        public bool IsDirectory => Read is null && Target is null;
    }
}
