using System.IO.Compression;
using System.Text;
using CimHost.TestBed;

namespace CimHost.Guest;

/// <summary>
/// Builds the guest's file system: busybox, kernel modules, programs of this machine with the libraries that they are linked to, and the
/// first process.
/// </summary>
internal static class Initramfs
{
    /// <summary>Writes it.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="kernel">Where modules come from.</param>
    /// <param name="modules">Modules that the guest loads at its start, with arguments: <c>i2c-stub chip_addr=0x48</c>.</param>
    /// <param name="programs">Programs to take along, by name.</param>
    /// <param name="libraries">Shared objects, by path, whose libraries are taken along (the runtime of .NET comes over a share).</param>
    public static async Task WriteAsync(string path, GuestKernel kernel, IReadOnlyList<string> modules, IReadOnlyList<string> programs, IReadOnlyList<string> libraries)
    {
        await using FileStream file = File.Create(path);
        await using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        var archive = new CpioArchive(gzip);
        foreach (string folder in new[] { "proc", "sys", "dev", "root", "lib64", "usr/lib" })
        {
            archive.AddDirectory(folder);
        }

        await AddBusyboxAsync(archive);
        AddModules(archive, kernel, modules);
        List<string> linked = [.. libraries];
        foreach (string program in programs)
        {
            string source = Peer.Require(program);
            archive.AddFile("usr/bin/" + program, await File.ReadAllBytesAsync(source));
            linked.Add(source);
        }

        // A library that is loaded by name comes along itself; those of a mounted folder are only asked what they need.
        foreach (string library in (await LibrariesOfAsync(linked)).Union(libraries.Where(IsOfTheSystem)))
        {
            // The loader has a fixed place; everything else is found by LD_LIBRARY_PATH.
            string folder = Path.GetFileName(library).StartsWith("ld-linux", StringComparison.Ordinal) ? "lib64/" : "usr/lib/";
            archive.AddFile(folder + Path.GetFileName(library), await File.ReadAllBytesAsync(library));
        }

        archive.AddFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"u8);
        archive.AddFile("etc/group", "root:x:0:\n"u8);
        archive.AddFile("etc/hosts", "127.0.0.1 localhost\n"u8);
        archive.AddFile("init", await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "init.sh")));
        archive.Finish();
    }

    private static bool IsOfTheSystem(string library) => Path.GetFileName(library).Contains(".so.", StringComparison.Ordinal);

    private static async Task AddBusyboxAsync(CpioArchive archive)
    {
        string busybox = Peer.Require("busybox");
        archive.AddFile("bin/busybox", await File.ReadAllBytesAsync(busybox));
        foreach (string applet in (await Tool.RunAsync(busybox, "--list")).Succeeded().Lines)
        {
            archive.AddLink("bin/" + applet, "busybox");
        }
    }

    private static void AddModules(CpioArchive archive, GuestKernel kernel, IReadOnlyList<string> modules)
    {
        Dictionary<string, string> arguments = modules.Select(m => m.Split(' ', 2)).ToDictionary(m => m[0] + ".ko", m => m.ElementAtOrDefault(1) ?? string.Empty);
        var list = new StringBuilder();
        foreach (string module in kernel.LoadOrder(modules.Select(m => m.Split(' ', 2)[0])))
        {
            string name = Path.GetFileName(module);
            archive.AddFile("lib/modules/" + name, File.ReadAllBytes(module));
            list.Append("/lib/modules/").Append(name).Append(' ').Append(arguments.GetValueOrDefault(name)).Append('\n');
        }

        archive.AddFile("modules", Encoding.ASCII.GetBytes(list.ToString()));
    }

    private static async Task<IReadOnlyCollection<string>> LibrariesOfAsync(IEnumerable<string> binaries)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string binary in binaries)
        {
            // "libc.so.6 => /lib/…/libc.so.6 (0x…)" and "/lib64/ld-linux-x86-64.so.2 (0x…)"
            foreach (string line in (await Tool.RunAsync("ldd", binary)).Succeeded().Lines)
            {
                if (line.Split(' ', '\t').FirstOrDefault(w => w.StartsWith('/')) is { } library)
                {
                    found.Add(library);
                }
            }
        }

        return found;
    }
}
