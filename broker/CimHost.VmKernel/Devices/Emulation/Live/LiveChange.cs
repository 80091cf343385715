using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>A change in force. It lies over what the files of the machine say, and survives an edit of them.</summary>
/// <param name="Target">Name of the part.</param>
/// <param name="What">What was set ("temperature") or how it was broken ("hang"); a later change of the same replaces it.</param>
/// <param name="Text">The change for people.</param>
internal sealed record LiveChange(string Target, string What, string Text)
{
    /// <summary>What becomes of the description; null for nothing. A part that is not there any more is left alone.</summary>
    public Func<MachineDescription, MachineDescription>? Edit { get; init; }

    /// <summary>The path as it was given, where links lead from it to <see cref="Target"/>: it names the change too, also while the file is gone.</summary>
    public string? GivenPath { get; init; }

    /// <summary>True when a name is that of this change.</summary>
    public bool IsNamed(string name) => Target == name || GivenPath == name;

    /// <summary>Faults between requests and answers.</summary>
    public IReadOnlyList<FaultRule> Rules { get; init; } = [];

    /// <summary>A file with other content: path with links resolved, and bytes.</summary>
    public (string Path, byte[] Content)? File { get; init; }

    /// <summary>A description with changes over it, in their order.</summary>
    public static MachineDescription Lay(MachineDescription described, IReadOnlyList<LiveChange> changes) => changes.Aggregate(described, Lay);

    // The machine may have changed since: what a change was made for is perhaps of another kind now, and is then left alone.
    private static MachineDescription Lay(MachineDescription description, LiveChange change)
    {
        try
        {
            return change.Edit?.Invoke(description) ?? description;
        }
        catch (HardwareChangeException)
        {
            return description;
        }
    }
}
