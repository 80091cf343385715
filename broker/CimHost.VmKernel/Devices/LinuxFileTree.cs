using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.HostCalls;

namespace CimHost.VmKernel.Devices;

/// <summary>
/// Files below a root: the root of this computer, or a captured copy of another's /sys and /proc. Symbolic links are followed as seen from
/// the root, absolute ones too; none leads out of it. Reads run on threads of their own, as an attribute of a slow device can block. The tree of
/// this computer has the files of <see cref="HostCallPaths"/> too; a copy of another's has them where they were copied.
/// </summary>
public sealed class LinuxFileTree : IFileTree, IDisposable
{
    private const int MaxLinks = 40;
    private const int MaxEntries = 65_536;
    private const int MaxPath = 4_096;

    private readonly string _root;
    private readonly BlockingReads _reads = new();

    /// <summary>Creates a view of the files below a directory.</summary>
    public LinuxFileTree(string root) => _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    // On the real root no path can lead out, so that the kernel may follow the links.
    private bool IsWholeSystem => _root == "/";

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => IsHostCall(path) ? HostCallFiles.IsDirectory(path) : Locate(path) is { } place && Directory.Exists(place);

    /// <inheritdoc/>
    public bool FileExists(string path) => IsHostCall(path) ? HostCallFiles.IsFile(path) : Locate(path) is { } place && File.Exists(place);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path)
    {
        if (Locate(path) is not { } place || !Directory.Exists(place))
        {
            return [];
        }

        try
        {
            string[] names = [.. Directory.EnumerateFileSystemEntries(place).Take(MaxEntries).Select(entry => Path.GetFileName(entry))];
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            // It went away since it was looked up: a device was unplugged.
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{path} cannot be listed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public string? Resolve(string path)
    {
        if (IsHostCall(path))
        {
            return HostCallFiles.IsDirectory(path) || HostCallFiles.IsFile(path) ? path : null;
        }

        if (Walk(path) is not { } place || !(File.Exists(place) || Directory.Exists(place)))
        {
            return null;
        }

        string seen = IsWholeSystem ? place : place[_root.Length..];
        return seen.Length == 0 ? "/" : seen;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return IsHostCall(path) ? _reads.CallAsync(() => HostCallFiles.Read(path), path, cancellationToken)
            : Locate(path) is { } place ? _reads.ReadAsync(place, path, cancellationToken) : ValueTask.FromResult<byte[]?>(null);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IFileTree.MaxRange);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsHostCall(path))
        {
            return await ReadAsync(path, cancellationToken) is { } whole
                ? whole[(int)Math.Min(offset, whole.Length)..(int)Math.Min(offset + count, whole.Length)]
                : null;
        }

        return Locate(path) is { } place ? await _reads.ReadRangeAsync(place, path, offset, count, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _reads.Dispose();

    private static bool IsUsable(string path) => path.Length is > 0 and <= MaxPath && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal);

    private bool IsHostCall(string path) => IsWholeSystem && HostCallFiles.Owns(path);

    private string? Locate(string path) => IsWholeSystem ? (IsUsable(path) ? path : null) : Walk(path);

    // Follows links one by one with this tree's root as "/"; the parent of the root is the root.
    private string? Walk(string path)
    {
        if (!IsUsable(path))
        {
            return null;
        }

        var ahead = new Stack<string>();
        Push(ahead, path);
        var places = new Stack<string>();
        places.Push(IsWholeSystem ? string.Empty : _root);
        int links = 0;
        while (ahead.TryPop(out string? name))
        {
            if (name == "..")
            {
                if (places.Count > 1)
                {
                    places.Pop();
                }

                continue;
            }

            string place = $"{places.Peek()}/{name}";
            if (Target(place) is not { } target)
            {
                places.Push(place);
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            while (target.StartsWith('/') && places.Count > 1)
            {
                places.Pop();
            }

            Push(ahead, target);
        }

        string found = places.Peek();
        return found.Length == 0 ? "/" : found;
    }

    private static string? Target(string place)
    {
        try
        {
            return new FileInfo(place).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or not to be looked at: what is asked of it next finds out which.
            return null;
        }
    }

    private static void Push(Stack<string> ahead, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = names.Length - 1; i >= 0; i--)
        {
            if (names[i] != ".")
            {
                ahead.Push(names[i]);
            }
        }
    }
}
