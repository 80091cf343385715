using System.Text;

namespace CimHost.VmKernel.FileSystem;

/// <summary>Limits on names and paths, in bytes of UTF-8 as POSIX counts them.</summary>
internal static class FileNames
{
    /// <summary>Longest name of a file (NAME_MAX).</summary>
    public const int NameMax = 255;

    /// <summary>Longest path with its final NUL (PATH_MAX).</summary>
    public const int PathMax = 4_096;

    /// <summary>Symbolic links followed while one path is resolved (SYMLOOP_MAX).</summary>
    public const int MaxLinks = 40;

    private const int LongestCharacter = 3;

    /// <summary>Checks a path before it is resolved.</summary>
    /// <exception cref="KernelException">ENOENT empty, ENAMETOOLONG, EINVAL with a NUL or half of a surrogate pair in it.</exception>
    public static void DemandPath(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
        {
            throw FileErrors.Of(Errno.ENOENT, "(empty path)");
        }

        if (path.Length * LongestCharacter >= PathMax && Length(path) >= PathMax)
        {
            throw FileErrors.Of(Errno.ENAMETOOLONG, string.Concat(path[..32], "…"));
        }

        if (path.Contains('\0'))
        {
            throw new KernelException(Errno.EINVAL, "A path holds a NUL.");
        }
    }

    /// <summary>Checks one name.</summary>
    /// <exception cref="KernelException">ENAMETOOLONG.</exception>
    public static void DemandName(ReadOnlySpan<char> name)
    {
        if (name.Length * LongestCharacter > NameMax && Length(name) > NameMax)
        {
            throw FileErrors.Of(Errno.ENAMETOOLONG, string.Concat(name[..32], "…"));
        }
    }

    /// <summary>Checks a name that is to be given to a file: it must have a UTF-8 form, or two names would become one.</summary>
    /// <exception cref="KernelException">EINVAL.</exception>
    public static void DemandNewName(ReadOnlySpan<char> name)
    {
        if (!Ascii.IsValid(name))
        {
            for (int at = 0, used; at < name.Length; at += used)
            {
                if (Rune.DecodeFromUtf16(name[at..], out _, out used) != System.Buffers.OperationStatus.Done)
                {
                    throw new KernelException(Errno.EINVAL, "A name holds half of a surrogate pair.");
                }
            }
        }
    }

    /// <summary>Bytes of UTF-8.</summary>
    public static int Length(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);
}
