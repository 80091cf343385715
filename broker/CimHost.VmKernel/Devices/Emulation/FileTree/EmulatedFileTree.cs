using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.FileTree;

/// <summary>
/// /sys, /proc, /usr (lists of names as pci.ids) and /cimhost (see <see cref="HostCallPaths"/>) of an emulated machine: the folders of these names in its directory. Symbolic links are followed as if the machine's
/// directory were the root, so that no path and no link leads out of it.
/// </summary>
internal sealed class EmulatedFileTree(string root, FaultRules faults, TimeProvider time, Action refresh) : IFileTree
{
    private const int LargestRead = 64 * 1024;
    private const int MostLinks = 40;
    private const int MostEntries = 10_000;
    private static readonly string[] s_folders = ["sys", "proc", "usr", "cimhost"];

    private volatile IReadOnlyDictionary<string, byte[]> _contents = new Dictionary<string, byte[]>();

    /// <summary>Files with other content than the folders have, by their path with links resolved.</summary>
    public IReadOnlyDictionary<string, byte[]> Contents
    {
        get => _contents;
        set => _contents = value;
    }

    public bool DirectoryExists(string path) => Find(path) is { } found && Directory.Exists(Host(found));

    public bool FileExists(string path) => Find(path) is { } found && File.Exists(Host(found));

    public string? Resolve(string path) => Find(path);

    public IReadOnlyList<string> List(string path)
    {
        if (Find(path) is not { } found || !Directory.Exists(Host(found)))
        {
            return [];
        }

        string prefix = path.TrimEnd('/') + "/";
        IEnumerable<string> names = found == "/"
            ? s_folders.Where(f => Directory.Exists(Path.Combine(root, f)))
            : Directory.EnumerateFileSystemEntries(Host(found)).Take(MostEntries).Select(e => Path.GetFileName(e)!);
        return [.. names.Where(n => !FaultGate.IsAbsent(faults, prefix + n, found.TrimEnd('/') + "/" + n)).Order(StringComparer.Ordinal)];
    }

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => ReadPartAsync(path, 0, LargestRead, cancellationToken);

    public ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IFileTree.MaxRange);
        return ReadPartAsync(path, offset, count, cancellationToken);
    }

    private async ValueTask<byte[]?> ReadPartAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(path) is not { } found || !File.Exists(Host(found)))
        {
            return null;
        }

        IReadOnlyList<ActiveFault> acting = await FaultGate.BeforeAsync(faults, path, found, time, cancellationToken);
        byte[]? bytes = _contents.TryGetValue(found, out byte[]? other)
            ? other[(int)Math.Min(offset, other.Length)..(int)Math.Min(offset + count, other.Length)]
            : await ReadHostAsync(path, Host(found), offset, count, cancellationToken);
        return bytes is null || acting.Count == 0 ? bytes : FaultGate.After(acting, bytes).ToArray();
    }

    private static async ValueTask<byte[]?> ReadHostAsync(string path, string host, long offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(host, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
            long from = Math.Min(offset, stream.Length);
            stream.Position = from;
            byte[] buffer = new byte[(int)Math.Min(count, stream.Length - from)];
            int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return read == buffer.Length ? buffer : buffer[..read];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed between the look-up and the read.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{path} cannot be read: {(e is UnauthorizedAccessException ? "EACCES" : "EIO")}.", e);
        }
    }

    private string Host(string resolved) => root + resolved;

    /// <summary>The path with every link resolved, or null when nothing is there or a rule says so.</summary>
    private string? Find(string path)
    {
        refresh();
        return path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && Walk(path) is { } found && !FaultGate.IsAbsent(faults, path, found) ? found : null;
    }

    private string? Walk(string path)
    {
        var left = new Stack<string>(path.Split('/').Reverse());
        var done = new List<string>();
        int links = 0;
        while (left.TryPop(out string? name))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                done.RemoveRange(Math.Max(0, done.Count - 1), Math.Min(1, done.Count));
                continue;
            }

            if (done.Count == 0 && !s_folders.Contains(name))
            {
                return null;
            }

            string host = Path.Combine([root, .. done, name]);
            var info = new FileInfo(host);
            if (info.LinkTarget is { } target)
            {
                if (++links > MostLinks)
                {
                    return null;
                }

                if (target.StartsWith('/'))
                {
                    done.Clear();
                }

                foreach (string part in target.Split('/').Reverse())
                {
                    left.Push(part);
                }

                continue;
            }

            if (!info.Exists && !Directory.Exists(host))
            {
                return null;
            }

            done.Add(name);
        }

        return "/" + string.Join('/', done);
    }
}
