using System.Text;

namespace CimHost.Guest;

/// <summary>Writes the archive format that the kernel unpacks as its first file system ("newc", Documentation/driver-api/early-userspace/buffer-format).</summary>
internal sealed class CpioArchive(Stream output)
{
    private const int RegularFile = 0x8000;
    private const int Directory = 0x4000;
    private const int SymbolicLink = 0xA000;
    private readonly HashSet<string> _names = [];
    private int _inode = 1;

    /// <summary>Adds a folder and those above it, once each.</summary>
    public void AddDirectory(string name)
    {
        if (name.Length == 0 || _names.Contains(name))
        {
            return;
        }

        AddParents(name);
        Write(name, Directory | 0x1ED, []);
    }

    /// <summary>Adds a file that everyone may read and execute; the first of a name wins.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> contents)
    {
        if (!_names.Contains(name))
        {
            AddParents(name);
            Write(name, RegularFile | 0x1ED, contents);
        }
    }

    /// <summary>Adds a symbolic link.</summary>
    public void AddLink(string name, string target)
    {
        if (!_names.Contains(name))
        {
            AddParents(name);
            Write(name, SymbolicLink | 0x1FF, Encoding.UTF8.GetBytes(target));
        }
    }

    /// <summary>Ends the archive.</summary>
    public void Finish() => Write("TRAILER!!!", 0, []);

    private void AddParents(string name) => AddDirectory(Path.GetDirectoryName(name) ?? string.Empty);

    private void Write(string name, int mode, ReadOnlySpan<byte> contents)
    {
        _names.Add(name);
        byte[] nameBytes = [.. Encoding.UTF8.GetBytes(name), 0];

        // inode, mode, uid, gid, links, time, size, device ×2, special device ×2, length of the name, checksum (unused)
        int[] fields = [_inode++, mode, 0, 0, 1, 0, contents.Length, 0, 0, 0, 0, nameBytes.Length, 0];
        byte[] header = Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(f => f.ToString("X8"))));
        output.Write(header);
        output.Write(nameBytes);
        Pad(header.Length + nameBytes.Length);
        output.Write(contents);
        Pad(contents.Length);
    }

    private void Pad(int length) => output.Write(new byte[(4 - (length % 4)) % 4]);
}
