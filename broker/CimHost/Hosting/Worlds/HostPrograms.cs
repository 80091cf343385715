using System.Collections.Concurrent;
using System.Security.Cryptography;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Worlds;

namespace CimHost.Hosting.Worlds;

/// <summary>
/// The programs of the host: applets that are part of it, and executables of Linux (ELF) that packages bring into the tree of files. Those
/// run as process worlds, from a copy on the disk of the state directory, as Linux cannot execute a file of the emulator's memory.
/// </summary>
/// <param name="files">The tree of files.</param>
/// <param name="directory">Where copies lie.</param>
internal sealed class HostPrograms(Vfs files, string directory) : IProgramSource
{
    private const int MaxProgramBytes = 64 << 20;

    private readonly ConcurrentDictionary<string, IProgram> _applets = new(StringComparer.Ordinal);

    /// <summary>Makes a program part of the host.</summary>
    /// <param name="path">Absolute path under which it is started.</param>
    /// <param name="program">The program.</param>
    public void Add(string path, IProgram program) => _applets[path] = program;

    /// <inheritdoc/>
    public IProgram? Find(string path) => _applets.GetValueOrDefault(path);

    /// <inheritdoc/>
    public async ValueTask<ProcessProgram?> FindProcessAsync(string path)
    {
        byte[] content = await files.ReadAllAsync(path, MaxProgramBytes);
        if (!content.AsSpan().StartsWith("\u007fELF"u8))
        {
            return null;
        }

        // Named by its content: a program that is replaced while it runs gets a copy of its own.
        string copy = Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(content)));
        if (!File.Exists(copy))
        {
            Directory.CreateDirectory(directory);
            string temporary = copy + "." + Guid.NewGuid().ToString("N");
            await File.WriteAllBytesAsync(temporary, content);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            File.Move(temporary, copy, overwrite: true);
        }

        return new ProcessProgram(copy, []) { HostEnvironment = DotnetRoot() };
    }

    // A program that is an application of .NET finds the runtime that the host itself runs on.
    private static Dictionary<string, string> DotnetRoot()
    {
        string runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        return new() { ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) };
    }
}
