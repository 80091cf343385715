using System.Text;
using CimHost.TestBed;

namespace CimHost.Guest;

/// <summary>Debian's stock kernel as <c>fetch-kernel</c> left it in the cache, and the order in which its modules load.</summary>
internal sealed class GuestKernel
{
    /// <summary>The tests' own module (<c>KernelModule/</c>): hardware that QEMU has not.</summary>
    public const string OwnModule = "cimhost_hw";

    private readonly string _folder;
    private readonly HashSet<string> _builtIn;
    private Dictionary<string, string> _modules;

    private GuestKernel(string folder)
    {
        _folder = folder;
        Image = Directory.EnumerateFiles(Path.Combine(folder, "boot"), "vmlinuz-*").Order(StringComparer.Ordinal).Last();
        _builtIn = [.. Directory.EnumerateFiles(Path.Combine(folder, "lib", "modules"), "modules.builtin", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Select(line => Normalized(Path.GetFileNameWithoutExtension(line)))];
        _modules = Modules();
    }

    /// <summary>The compressed kernel.</summary>
    public string Image { get; }

    /// <summary>Opens the kernel in the cache.</summary>
    /// <exception cref="InvalidOperationException">It was never fetched.</exception>
    public static GuestKernel Open() => Folder() is { } folder
        ? new GuestKernel(folder)
        : throw new InvalidOperationException($"The guest's kernel is not in {CacheFolder}. Fetch it with tests/CimHost.Guest/fetch-kernel (needs apt's package lists).");

    /// <summary>The folder of the kernel, null when it is not there or not complete.</summary>
    public static string? Folder() => File.Exists(Path.Combine(CacheFolder, "complete")) ? CacheFolder : null;

    /// <summary>Files of the modules and of what they depend on, dependencies first.</summary>
    /// <exception cref="InvalidOperationException">A module is neither there nor built in.</exception>
    public IReadOnlyList<string> LoadOrder(IEnumerable<string> modules)
    {
        var order = new List<string>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (string module in modules)
        {
            Visit(module);
        }

        return order;

        void Visit(string module)
        {
            if (!visited.Add(Normalized(module)))
            {
                return;
            }

            if (!_modules.TryGetValue(Normalized(module), out string? file))
            {
                if (_builtIn.Contains(Normalized(module)))
                {
                    return;
                }

                throw new InvalidOperationException($"The kernel {Path.GetFileName(Image)} has no module {module} in {CacheFolder}.");
            }

            foreach (string dependency in Dependencies(file))
            {
                Visit(dependency);
            }

            order.Add(file);
        }
    }

    /// <summary>Compiles <see cref="OwnModule"/> for this kernel; from then on it is one of its modules.</summary>
    /// <exception cref="InvalidOperationException">It does not compile; the message is the compiler's.</exception>
    public async Task CompileOwnModuleAsync()
    {
        (await Tool.RunAsync(RepositoryRoot.PathOf("tests/CimHost.Guest/build-module"), _folder)).Succeeded();
        _modules = Modules();
    }

    private Dictionary<string, string> Modules() => Directory.EnumerateFiles(Path.Combine(_folder, "lib", "modules"), "*.ko", SearchOption.AllDirectories)
        .ToDictionary(f => Normalized(Path.GetFileNameWithoutExtension(f)), StringComparer.Ordinal);

    // A module names what it depends on in its section .modinfo, as "depends=a,b" between zero bytes.
    private static string[] Dependencies(string file)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
        ReadOnlySpan<byte> key = "\0depends="u8;
        int at = bytes.IndexOf(key);
        if (at < 0)
        {
            return [];
        }

        ReadOnlySpan<byte> value = bytes[(at + key.Length)..];
        return Encoding.ASCII.GetString(value[..value.IndexOf((byte)0)]).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string CacheFolder
    {
        get
        {
            string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
                ? home
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "cimhost-tests", "kernel");
        }
    }

    private static string Normalized(string module) => module.Replace('-', '_');
}
