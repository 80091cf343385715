namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>One control group: a directory whose files are its settings and counters.</summary>
internal sealed class CgroupDirectory(string path)
{
    /// <summary>The directory.</summary>
    public string Path => path;

    /// <summary>A group below.</summary>
    public CgroupDirectory Child(string name) => new(System.IO.Path.Join(path, name));

    /// <summary>Creates the group if it is not there.</summary>
    /// <exception cref="KernelException">EIO: the system refuses.</exception>
    public void Create() => Do("created", () => Directory.CreateDirectory(path));

    /// <summary>Removes the group; false when it still has processes or groups.</summary>
    public bool TryRemove()
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is DirectoryNotFoundException;
        }
    }

    /// <summary>Groups directly below.</summary>
    public IReadOnlyList<CgroupDirectory> Children()
    {
        try
        {
            return [.. Directory.EnumerateDirectories(path).Select(p => new CgroupDirectory(p))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Kills every process in the group and in those below it; false before Linux 5.14.</summary>
    public bool TryKill()
    {
        if (!Has("cgroup.kill"))
        {
            return false;
        }

        Write("cgroup.kill", "1");
        return true;
    }

    /// <summary>Whether the group has a file.</summary>
    public bool Has(string file) => File.Exists(System.IO.Path.Join(path, file));

    /// <summary>Writes a setting in one write call, as the kernel expects it.</summary>
    /// <exception cref="KernelException">EIO: the system refuses; names file and value.</exception>
    public void Write(string file, string value) => Do($"given {file} = {value}", () =>
    {
        using var stream = new FileStream(System.IO.Path.Join(path, file), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value + "\n"));
    });

    /// <summary>Reads a file; null when the group or the file is not there.</summary>
    public string? Read(string file)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Join(path, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A number from a file of one number, or from a file of "key number" lines.</summary>
    public long? ReadNumber(string file, string? key = null)
    {
        foreach (string line in (Read(file) ?? string.Empty).Split('\n'))
        {
            string[] fields = line.Split(' ');
            if ((key is null || (fields.Length == 2 && fields[0] == key)) && long.TryParse(fields[^1], out long number))
            {
                return number;
            }
        }

        return null;
    }

    private void Do(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelException(Errno.EIO, $"The control group {path} cannot be {what}: {e.Message}");
        }
    }
}
