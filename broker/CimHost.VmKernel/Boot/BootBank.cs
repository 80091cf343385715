using System.Collections.Immutable;

namespace CimHost.VmKernel.Boot;

/// <summary>One of the two boot banks as it was when it was looked at.</summary>
/// <param name="Number">1 or 2.</param>
/// <param name="Directory">Its directory on this computer: <c>boot.cfg</c>, the module archives and <c>state.tgz</c>.</param>
/// <param name="Configuration">Its <c>boot.cfg</c>; null when it is missing or cannot be trusted.</param>
/// <param name="Problems">Why it cannot be booted, for a person, naming the file; empty when it can.</param>
public sealed record BootBank(int Number, string Directory, BootConfiguration? Configuration, ImmutableArray<string> Problems)
{
    /// <summary>Whether it can be booted: a readable <c>boot.cfg</c> with a build and <c>updated</c> above 0, not invalid, and every module readable.</summary>
    public bool IsBootable => Problems.IsEmpty;

    /// <summary>Its <c>boot.cfg</c> on this computer.</summary>
    public string ConfigurationFile => Path.Combine(Directory, BootBanks.ConfigurationFileName);

    /// <summary>Whether the image has proven itself: bootable, and not on trial after an upgrade.</summary>
    public bool IsValid => IsBootable && Configuration!.State == BootState.Valid;

    /// <summary>The module archives on this computer, in the order in which they are unpacked.</summary>
    public IEnumerable<string> ModuleFiles => (Configuration?.Modules ?? []).Select(name => Path.Combine(Directory, name));

    internal int Updated => Configuration?.Updated ?? 0;
}
