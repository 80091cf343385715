using CimHost.Configuration;

namespace CimHost.Hosting;

/// <summary>The directory of everything that lasts. One host at a time holds it; only its own user may look inside.</summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly FileStream _lock;

    private StateDirectory(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Makes the directory if need be and takes hold of it.</summary>
    /// <exception cref="ConfigurationException">It cannot be made or written, or another host holds it.</exception>
    public static StateDirectory Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new StateDirectory(full, new FileStream(System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ConfigurationException($"StateDirectory = '{path}': {e.Message}");
        }
        catch (IOException e)
        {
            throw new ConfigurationException($"StateDirectory = '{path}': another CimHost uses it, or it cannot be written ({e.Message}).");
        }
    }

    /// <summary>Path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The socket of local clients.</summary>
    public string Socket => File(CimHostOptions.SocketName);

    /// <summary>Lets nobody but the host's own user open the socket, also where the directory itself is open to others.</summary>
    public void ProtectSocket()
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>A unique name that is made once and kept.</summary>
    public string UniqueName(string file)
    {
        string path = File(file);
        if (System.IO.File.Exists(path) && System.IO.File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return known;
        }

        string made = Guid.NewGuid().ToString("D");
        System.IO.File.WriteAllText(path, made + "\n");
        return made;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
