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
}
