namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>Ways in which a part of the emulated machine can be broken.</summary>
public enum BreakKind
{
    /// <summary>It is out of order, and says so as such a part does: a fan stands still, a disk predicts its end, a controller is gone.</summary>
    Fail,

    /// <summary>It does not answer until the change is taken back.</summary>
    Hang,

    /// <summary>It answers later by <see cref="BreakOptions.Delay"/>.</summary>
    Slow,

    /// <summary>Of the data of each answer only the first <see cref="BreakOptions.Keep"/> bytes come.</summary>
    Truncate,

    /// <summary>The bits of the byte <see cref="BreakOptions.Offset"/> of each answer are inverted.</summary>
    Corrupt,

    /// <summary>It is pulled out.</summary>
    Unplug,

    /// <summary>What was pulled out is put back.</summary>
    Plug,

    /// <summary>The chassis is opened.</summary>
    Intrusion,
}
