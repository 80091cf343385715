using CimHost.VmKernel.Users.Passwords;

namespace CimHost.VmKernel.Users;

/// <summary>Security settings of the host, by the names that they have on ESXi.</summary>
public sealed class SecurityOptions
{
    /// <summary>Wrong passwords in a row after which a user is locked out; 0 turns it off.</summary>
    public int AccountLockFailures { get; set; } = 5;

    /// <summary>Seconds that a user stays locked out, and after which a wrong password is forgotten.</summary>
    public int AccountUnlockTime { get; set; } = 900;

    /// <summary>Rule for new passwords; see <see cref="PasswordQuality"/>.</summary>
    public string PasswordQualityControl { get; set; } = PasswordQuality.DefaultRule;

    /// <summary>How new passwords are hashed; both formats are read, whatever this says.</summary>
    public PasswordHashFormat PasswordHash { get; set; } = PasswordHashFormat.Pbkdf2Sha512;

    /// <summary>Takes the values of other settings over while the host runs.</summary>
    public void CopyFrom(SecurityOptions other)
    {
        AccountLockFailures = other.AccountLockFailures;
        AccountUnlockTime = other.AccountUnlockTime;
        PasswordQualityControl = other.PasswordQualityControl;
        PasswordHash = other.PasswordHash;
    }
}
