namespace CimHost.Sdk.Hardware;

/// <summary>
/// A read-only view of the files through which a kernel shows its devices (/sys, /proc). Paths are absolute ("/sys/class/hwmon") and are
/// looked up below the configured system root or inside an emulated machine; no path leaves that root.
/// </summary>
public interface IFileTree
{
    /// <summary>True when the directory exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>True when the file exists.</summary>
    bool FileExists(string path);

    /// <summary>Names (not paths) of the entries of a directory in ordinal order; empty when it does not exist.</summary>
    IReadOnlyList<string> List(string path);

    /// <summary>Path with every symbolic link resolved, still as seen from the root of this tree; null when it does not exist.</summary>
    string? Resolve(string path);

    /// <summary>
    /// Reads a whole small file (at most 64 KiB; longer files are cut). Null when the file does not exist.
    /// The read runs off the caller's thread when it may block (a sysfs attribute can wait for a slow device).
    /// </summary>
    /// <exception cref="HardwareException">The kernel refused the read (EIO, ENXIO, EACCES…); the message carries the reason.</exception>
    ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a part of a file that may be larger than <see cref="ReadAsync"/> takes: a firmware table in /sys, a list of names. The result
    /// is shorter than asked for at the end of the file. Null when the file does not exist. A tree that cannot do better gives parts of the
    /// first 64 KiB.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="offset">First byte, from 0.</param>
    /// <param name="count">Most bytes to read; at most <see cref="MaxRange"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HardwareException">The kernel refused the read.</exception>
    async ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxRange);
        return await ReadAsync(path, cancellationToken) is { } whole
            ? whole[(int)Math.Min(offset, whole.Length)..(int)Math.Min(offset + count, whole.Length)]
            : null;
    }

    /// <summary>Longest part of a file that one read may take: 1 MiB.</summary>
    const int MaxRange = 1024 * 1024;
}
