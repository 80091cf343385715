using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.Worlds;

/// <summary>What a new world is to be (POSIX.1-2017 posix_spawn()).</summary>
/// <param name="Path">Path of the program.</param>
/// <param name="Arguments">Arguments; by custom the first is the name of the program.</param>
public sealed record SpawnRequest(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>Environment; null: that of the parent.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Name; null: last part of the path.</summary>
    public string? Name { get; init; }

    /// <summary>What happens, in this order, with the inherited descriptors, after which those marked close-on-exec are closed.</summary>
    public IReadOnlyList<SpawnFileAction> FileActions { get; init; } = [];

    /// <summary>Process group: null that of the parent, 0 a new one of its own, else an existing one (POSIX_SPAWN_SETPGROUP).</summary>
    public int? ProcessGroup { get; init; }

    /// <summary>User and groups; null: those of the parent. Only root gives others.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>Path of the resource group; null: that of the parent. Only root gives another.</summary>
    public string? ResourceGroup { get; init; }

    /// <summary>Weight against the siblings in the group; null: normal.</summary>
    public ResourceShares? Shares { get; init; }

    /// <summary>Limits; null: those of the parent.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>Signal mask of the first thread; null: that of the caller (POSIX_SPAWN_SETSIGMASK).</summary>
    public SignalSet? SignalMask { get; init; }

    /// <summary>Signals whose action is the default one even if the parent ignores them (POSIX_SPAWN_SETSIGDEF).</summary>
    public SignalSet DefaultSignals { get; init; }

    /// <summary>Working directory; null: that of the parent.</summary>
    public string? WorkingDirectory { get; init; }
}
