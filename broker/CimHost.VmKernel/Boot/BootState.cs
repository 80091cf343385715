namespace CimHost.VmKernel.Boot;

/// <summary>What is known of a bank's image: the <c>bootstate</c> of its <c>boot.cfg</c>. Each boot moves 1 to 2 and 2 to 3.</summary>
public enum BootState
{
    /// <summary>It has reached ready.</summary>
    Valid = 0,

    /// <summary>An upgrade has written it, and it has never been booted.</summary>
    Upgrading = 1,

    /// <summary>It has been booted once and has not reached ready yet: one more boot is allowed.</summary>
    Dirty = 2,

    /// <summary>It is not booted: it failed to reach ready twice, or an administrator has turned away from it.</summary>
    Invalid = 3,
}
