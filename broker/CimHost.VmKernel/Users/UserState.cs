namespace CimHost.VmKernel.Users;

/// <summary>Whether a user may log in.</summary>
public enum UserState
{
    /// <summary>With the password.</summary>
    Enabled,

    /// <summary>Never had a usable password ('*' or none in /etc/shadow), or its hash cannot be read.</summary>
    Disabled,

    /// <summary>Locked by an administrator ('!' in front of the hash).</summary>
    Locked,

    /// <summary>Past the day of expiry.</summary>
    Expired,

    /// <summary>Locked out for some minutes after wrong passwords.</summary>
    LockedOut,
}
