namespace CimHost.TestBed;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes it; only its owner may look into it.</summary>
    public TemporaryDirectory(string prefix = "cimhost-test-") => FullName = Directory.CreateTempSubdirectory(prefix).FullName;

    /// <summary>Its path.</summary>
    public string FullName { get; }

    /// <summary>A path in it.</summary>
    public string PathOf(string name) => Path.Combine(FullName, name);

    /// <summary>Writes a file into it, with its folders, and returns the path.</summary>
    public string Write(string name, string text)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes a file that its owner alone may read, and returns the path.</summary>
    public string WriteSecret(string name, string text) => Write(name, text, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>Writes a file that its owner alone may read and run, and returns the path.</summary>
    public string WriteProgram(string name, string text) => Write(name, text, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Copies a folder with everything below it into a folder of this one; symbolic links stay links.</summary>
    public string CopyInto(string name, string source)
    {
        string target = PathOf(name);
        Copy(new DirectoryInfo(source), target);
        return target;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(FullName))
        {
            Directory.Delete(FullName, recursive: true);
        }
    }

    private string Write(string name, string text, UnixFileMode mode)
    {
        string path = Write(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }

    private static void Copy(DirectoryInfo source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (FileSystemInfo entry in source.EnumerateFileSystemInfos())
        {
            string path = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(path, link);
            }
            else if (entry is DirectoryInfo folder)
            {
                Copy(folder, path);
            }
            else
            {
                File.Copy(entry.FullName, path);
            }
        }
    }
}
