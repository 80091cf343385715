namespace CimHost.VmKernel.Boot.State;

/// <summary>PLACEHOLDER</summary>
public static class StateArchive
{
    /// <summary>The saved state, a file of the boot bank.</summary>
    public const string FileName = "state.tgz";

    /// <summary>The state that was saved before.</summary>
    public const string PreviousFileName = "state.tgz.1";
}
