using CimHost.VmKernel;
using CimHost.VmKernel.FileSystem;

namespace CimHost.Hosting.Worlds;

/// <summary>Small files of the tree, read and written whole on behalf of the host.</summary>
internal static class VfsContent
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="KernelException">ENOENT and whatever else opening gives; EFBIG: it has more than <paramref name="maxBytes"/>.</exception>
    public static async Task<byte[]> ReadAllAsync(this Vfs files, string path, int maxBytes)
    {
        var file = (VfsFile)await files.OpenAsync(FileCaller.Root, path, OpenFlags.O_RDONLY, 0);
        try
        {
            if (file.Status.Size > maxBytes)
            {
                throw new KernelException(Errno.EFBIG, $"{path} has {file.Status.Size} bytes; at most {maxBytes} are read.");
            }

            byte[] content = new byte[file.Status.Size];
            int length = 0;
            for (int read; length < content.Length && (read = await file.ReadAtAsync(content.AsMemory(length), length)) > 0;)
            {
                length += read;
            }

            return content[..length];
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Replaces a file; where its mount keeps it, it is kept when this has completed, and never half of it.</summary>
    /// <exception cref="KernelException">It cannot be written or kept.</exception>
    public static async Task WriteAllAsync(this Vfs files, string path, ReadOnlyMemory<byte> content, int mode)
    {
        var file = (VfsFile)await files.OpenAsync(FileCaller.Root, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, mode);
        try
        {
            for (int done = 0; done < content.Length;)
            {
                done += await file.WriteAsync(content[done..]);
            }
        }
        catch
        {
            file.Release();
            throw;
        }

        await file.ReleaseAsync();
    }
}
