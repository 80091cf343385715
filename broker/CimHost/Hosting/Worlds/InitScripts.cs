using System.Text;
using CimHost.VmKernel;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.Worlds;

namespace CimHost.Hosting.Worlds;

/// <summary>The runlevel scripts under /etc/init.d: one for each service of the host, and those that packages bring.</summary>
internal static partial class InitScripts
{
    private const string Directory = "/etc/init.d";
    private const int MaxScriptBytes = 64 * 1024;
    private const int MaxScripts = 256;
    private const int ExecutableMode = 0x1ED;

    /// <summary>Makes services of the scripts.</summary>
    /// <param name="files">The tree of files.</param>
    /// <param name="known">Services that are there already: their scripts only show them.</param>
    /// <param name="start">Starts the service of a script.</param>
    /// <param name="logger">Where scripts are named that are no good.</param>
    public static async Task<IReadOnlyList<ServiceDefinition>> ReadAsync(
        Vfs files, IReadOnlyCollection<string> known, Func<RunlevelScript, CancellationToken, Task<IServiceRun>> start, ILogger logger)
    {
        List<RunlevelScript> scripts = [];
        foreach (string name in await NamesAsync(files))
        {
            if (known.Contains(name))
            {
                continue;
            }

            string? error = null;
            try
            {
                byte[] content = await files.ReadAllAsync($"{Directory}/{name}", MaxScriptBytes);
                if (RunlevelScript.TryRead(content, name, out RunlevelScript? script, out error) && script!.Command.Length > 0)
                {
                    scripts.Add(script);
                    continue;
                }

                error ??= "it names no program: command=\"/path/of/program\"";
            }
            catch (KernelException e)
            {
                error = e.Message;
            }

            NotRead(logger, Directory, name, error);
        }

        // One that requires what nobody provides takes no other one with it.
        HashSet<string> provided = [.. known, .. scripts.Select(s => s.Name), .. scripts.SelectMany(s => s.Provides)];
        foreach (RunlevelScript script in scripts.Where(s => !s.RequiredStart.All(provided.Contains)).ToArray())
        {
            NotRead(logger, Directory, script.Name, $"it requires {string.Join(", ", script.RequiredStart.Where(r => !provided.Contains(r)))}, which is not there");
            scripts.Remove(script);
        }

        return RunlevelScript.ToDefinitions(scripts, start);
    }

    /// <summary>The scripts of the host's own services: what an administrator expects to find in /etc/init.d.</summary>
    public static IEnumerable<MemoryFileEntry> Of(IEnumerable<ServiceStatus> services) => services.Select(service => new MemoryFileEntry(
        $"init.d/{service.Name}", FileType.Regular, ExecutableMode, 0, 0, 0, Encoding.UTF8.GetBytes(
            $"""
            #!/sbin/service-run
            ### BEGIN INIT INFO
            # Provides: {service.Name}
            # Required-Start: {string.Join(' ', service.Requires)}
            # Default-Start: 3
            # Short-Description: {service.Description}
            ### END INIT INFO
            # Part of the host: init starts it by itself, see "cimhost service".
            command="/bin/{service.Name}"

            """)));

    /// <summary>The limits that a script asks for; null: those of init.</summary>
    public static ResourceLimits? Limits(RunlevelScript script) => script.MemoryLimit is not { } bytes
        ? null
        : new WorldLimits().Resources with { Memory = new ResourceLimit(bytes, bytes) };

    private static async Task<List<string>> NamesAsync(Vfs files)
    {
        List<string> names = [];
        try
        {
            var directory = (VfsFile)await files.OpenAsync(FileCaller.Root, Directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0);
            try
            {
                var entries = new DirectoryEntry[MaxScripts];
                for (int read; (read = await directory.ReadDirectoryAsync(entries)) > 0 && names.Count < MaxScripts;)
                {
                    names.AddRange(entries.Take(read).Where(e => e.Type == FileType.Regular).Select(e => e.Name));
                }
            }
            finally
            {
                directory.Release();
            }
        }
        catch (KernelException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            // An administrator who removed the directory has no scripts.
            return [];
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    [LoggerMessage(1032, LogLevel.Warning, "{Directory}/{Name} is no service: {Reason}")]
    private static partial void NotRead(ILogger logger, string directory, string name, string? reason);
}
