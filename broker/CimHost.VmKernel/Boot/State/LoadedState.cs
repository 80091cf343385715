using CimHost.VmKernel.Boot.Archives;

namespace CimHost.VmKernel.Boot.State;

/// <summary>What was saved before this boot.</summary>
/// <param name="Entries">The files, directories and links; empty when nothing was saved or can be read.</param>
/// <param name="Source">Where they came from.</param>
/// <param name="Warning">
/// For a person, naming the files: that the previous state is used and why, or that all of it is lost; null when all is as it should be.
/// </param>
public sealed record LoadedState(IReadOnlyList<ArchiveEntry> Entries, StateSource Source, string? Warning)
{
    /// <summary>Whether a state had been saved and none of it can be read: the host starts with its defaults.</summary>
    public bool IsLost => Source == StateSource.None && Warning is not null;
}
