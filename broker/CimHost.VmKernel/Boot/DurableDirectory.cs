using System.Runtime.InteropServices;

namespace CimHost.VmKernel.Boot;

/// <summary>
/// A directory of this computer whose files change all at once or not at all, and are on disk when a method returns: temporary file, fsync,
/// rename, fsync of the directory (POSIX.1-2017 rename: another process sees the old file or the new one).
/// </summary>
internal sealed partial class DurableDirectory(string path)
{
    /// <summary>What the name of a file ends with while it is written; such a file means nothing and may be deleted.</summary>
    public const string TemporarySuffix = ".new";

    private const int CloseOnExec = 0x80000;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string FullPath { get; } = path;

    public string Of(string name) => Path.Combine(FullPath, name);

    /// <summary>Makes the directory, for its owner only, if it is not there; its parents too.</summary>
    public void Create()
    {
        if (Directory.Exists(FullPath))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(FullPath);
            return;
        }

        string parent = Path.GetDirectoryName(FullPath)!;
        new DurableDirectory(parent).Create();
        Directory.CreateDirectory(FullPath, Private | UnixFileMode.UserExecute);
        Synchronize(parent);
    }

    /// <summary>Writes a file, replacing the one of this name.</summary>
    /// <exception cref="IOException">It cannot be written; the old file is as it was.</exception>
    public void Write(string name, Action<Stream> content)
    {
        WriteTemporary(name, content);
        Publish(name);
    }

    /// <summary>Writes a file, keeping the one that it replaces under another name. At no instant is there none of this name.</summary>
    /// <param name="name">The file.</param>
    /// <param name="previous">What the one that is there now is called afterwards; replaces what has that name.</param>
    /// <param name="content">Writes the bytes.</param>
    public void WriteKeeping(string name, string previous, Action<Stream> content)
    {
        WriteTemporary(name, content);
        if (File.Exists(Of(name)))
        {
            Keep(name, previous);
        }

        Publish(name);
    }

    public void Delete(string name) => File.Delete(Of(name));

    /// <summary>Has the names in the directory on disk.</summary>
    public void Synchronize() => Synchronize(FullPath);

    private void WriteTemporary(string name, Action<Stream> content)
    {
        string temporary = Of(name + TemporarySuffix);
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        try
        {
            using var stream = new FileStream(temporary, options);
            content(stream);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            // A full disk must not stay full because of what could not be written.
            File.Delete(temporary);
            throw;
        }
    }

    private void Publish(string name)
    {
        File.Move(Of(name + TemporarySuffix), Of(name), overwrite: true);
        Synchronize();
    }

    private void Keep(string name, string previous)
    {
        // rename() of one name of a file over another name of the same file does nothing: after a crash between the two renames both names
        // may be the same file, so that the name in between is removed first.
        string between = Of(previous + TemporarySuffix);
        File.Delete(between);
        if (Link(Of(name), between) == 0)
        {
            File.Move(between, Of(previous), overwrite: true);
            return;
        }

        // A file system without hard links (VFAT).
        File.Copy(Of(name), between);
        using (var copy = new FileStream(between, FileMode.Open, FileAccess.ReadWrite))
        {
            copy.Flush(flushToDisk: true);
        }

        File.Move(between, Of(previous), overwrite: true);
    }

    private static void Synchronize(string directory)
    {
        int descriptor = Open(directory, CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"{directory} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        try
        {
            // EINVAL: a file system that has nothing to synchronise for a directory (some FUSE and network ones).
            if (FSync(descriptor) != 0 && Marshal.GetLastPInvokeError() != (int)Errno.EINVAL)
            {
                throw new IOException($"{directory} cannot be written to disk: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
