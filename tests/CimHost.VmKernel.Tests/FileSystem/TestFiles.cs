using System.Text;
using CimHost.VmKernel.FileSystem;
using Xunit;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>Short forms for tests of files.</summary>
internal static class TestFiles
{
    public static int Octal(string digits) => Convert.ToInt32(digits, 8);

    public static async Task<VfsFile> OpenAsync(this Vfs vfs, string path, OpenFlags flags = OpenFlags.O_RDONLY) =>
        (VfsFile)await vfs.OpenAsync(FileCaller.Root, path, flags, Octal("666"));

    public static async Task WriteAsync(this Vfs vfs, string path, byte[] content)
    {
        VfsFile file = await vfs.OpenAsync(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
        try
        {
            for (int done = 0; done < content.Length;)
            {
                done += await file.WriteAsync(content.AsMemory(done));
            }
        }
        finally
        {
            await file.ReleaseAsync();
        }
    }

    public static Task WriteAsync(this Vfs vfs, string path, string content) => vfs.WriteAsync(path, Encoding.UTF8.GetBytes(content));

    public static async Task<byte[]> ReadAllAsync(this OpenFile file)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65_536];
        while (await file.ReadAsync(buffer) is var count and > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    public static async Task<byte[]> ReadBytesAsync(this Vfs vfs, string path)
    {
        OpenFile file = await vfs.OpenAsync(FileCaller.Root, path, OpenFlags.O_RDONLY);
        try
        {
            return await file.ReadAllAsync();
        }
        finally
        {
            await file.ReleaseAsync();
        }
    }

    public static async Task<string> ReadTextAsync(this Vfs vfs, string path) => Encoding.UTF8.GetString(await vfs.ReadBytesAsync(path));

    public static async Task<List<string>> ListAsync(this Vfs vfs, string path, int batch = 16)
    {
        VfsFile directory = await vfs.OpenAsync(path, OpenFlags.O_DIRECTORY);
        var names = new List<string>();
        var entries = new DirectoryEntry[batch];
        while (await directory.ReadDirectoryAsync(entries) is var count and > 0)
        {
            names.AddRange(entries.Take(count).Select(e => e.Name));
        }

        directory.Release();
        return names;
    }

    public static async Task FailsAsync(Errno expected, Func<Task> call) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<KernelException>(call)).Errno);

    public static byte[] Pattern(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
