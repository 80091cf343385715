namespace CimHost.VmKernel.Boot.State;

/// <summary>Which file the state of a boot came from.</summary>
public enum StateSource
{
    /// <summary>There was none: nothing was saved in this bank yet, or nothing that was saved can be read.</summary>
    None,

    /// <summary><c>state.tgz</c>.</summary>
    Current,

    /// <summary><c>state.tgz.1</c>, as <c>state.tgz</c> is missing or damaged.</summary>
    Previous,
}
