using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on worlds.</summary>
public interface IWorldCalls
{
    /// <summary>getpid().</summary>
    ValueTask<int> GetpidAsync();

    /// <summary>getppid(): 0 for init.</summary>
    ValueTask<int> GetppidAsync();

    /// <summary>getpgid(); 0 means oneself.</summary>
    ValueTask<int> GetpgidAsync(int id);

    /// <summary>setpgid().</summary>
    ValueTask SetpgidAsync(int id, int group);

    /// <summary>getenv() for all names.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> GetEnvironmentAsync();

    /// <summary>posix_spawn(): world id of the child.</summary>
    ValueTask<int> SpawnAsync(SpawnRequest request);

    /// <summary>exec(): does not return, but ends the calling program by <see cref="WorldEndedException"/>.</summary>
    ValueTask ExecAsync(string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null);

    /// <summary>_exit(): does not return, but throws <see cref="WorldEndedException"/>.</summary>
    ValueTask ExitAsync(int code);

    /// <summary>waitpid(): above 0 that child, 0 any of the own process group, -1 any, below any of that group.</summary>
    ValueTask<WaitResult> WaitpidAsync(int id, WaitOptions options = WaitOptions.None);

    /// <summary>times().</summary>
    ValueTask<WorldTimes> TimesAsync();

    /// <summary>getrlimit().</summary>
    ValueTask<ResourceLimit> GetrlimitAsync(ResourceLimitKind kind);

    /// <summary>setrlimit().</summary>
    ValueTask SetrlimitAsync(ResourceLimitKind kind, ResourceLimit limit);
}
