using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.Users.Files;

/// <summary>
/// Account files in a directory of the operating system that only the host's own user may enter. Several files become current together:
/// the new ones are written beside the old ones, then a file that names them is, and that is the moment of the change; a host that ends
/// before they have all been renamed does the rest when it opens the directory again.
/// </summary>
public sealed partial class DirectoryAccountFiles : IAccountFiles
{
    private const string NewSuffix = ".new";
    private const string CommitName = "commit";
    private const int MaxBytes = 8 * 1024 * 1024;
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FileMode0700 = FileMode0600 | UnixFileMode.UserExecute;

    private readonly string _directory;

    private DirectoryAccountFiles(string directory) => _directory = directory;

    /// <summary>Opens the directory, makes it if there is none, and finishes what an earlier host left half done.</summary>
    /// <exception cref="IOException">It cannot be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public static DirectoryAccountFiles Open(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            // A directory that is there already keeps its mode in the first call.
            Directory.CreateDirectory(directory, FileMode0700);
            File.SetUnixFileMode(directory, FileMode0700);
        }

        var files = new DirectoryAccountFiles(directory);
        if (File.Exists(files.PathOf(CommitName)))
        {
            files.Finish(File.ReadAllLines(files.PathOf(CommitName)));
        }

        foreach (string left in Directory.EnumerateFiles(directory, "*" + NewSuffix))
        {
            File.Delete(left);
        }

        return files;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(string name)
    {
        try
        {
            using var stream = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read);
            if (stream.Length > MaxBytes)
            {
                throw new IOException($"{PathOf(name)} has {stream.Length} bytes; at most {MaxBytes} are read.");
            }

            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> changed, CancellationToken cancellationToken)
    {
        foreach ((string name, ReadOnlyMemory<byte> content) in changed)
        {
            await WriteNewAsync(PathOf(name) + NewSuffix, content, cancellationToken);
        }

        string[] names = [.. changed.Keys];
        if (names.Length > 1)
        {
            string commit = PathOf(CommitName);
            await WriteNewAsync(commit + NewSuffix, Encoding.ASCII.GetBytes(string.Join('\n', names)), cancellationToken);
            File.Move(commit + NewSuffix, commit, overwrite: true);
            SyncDirectory();
        }

        Finish(names);
    }

    private void Finish(IEnumerable<string> names)
    {
        foreach (string path in names.Select(PathOf).Where(p => File.Exists(p + NewSuffix)))
        {
            File.Move(path + NewSuffix, path, overwrite: true);
        }

        SyncDirectory();
        if (File.Exists(PathOf(CommitName)))
        {
            File.Delete(PathOf(CommitName));
            SyncDirectory();
        }
    }

    private string PathOf(string name) => name.Length > 0 && name.All(char.IsAsciiLetterLower)
        ? Path.Combine(_directory, name)
        : throw new IOException($"{_directory} holds '{name}', which is no account file.");

    private static async ValueTask WriteNewAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        // What a start that broke off left behind would keep its mode.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode0600;
        }

        await using var stream = new FileStream(path, options);
        await stream.WriteAsync(content, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    // A rename is durable when the directory is on disk, which .NET has no call for.
    private void SyncDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using SafeFileHandle handle = OpenDirectory(_directory, 0);
        if (handle.IsInvalid || Sync(handle) != 0)
        {
            throw new IOException($"{_directory} cannot be written to disk: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle handle);
}
