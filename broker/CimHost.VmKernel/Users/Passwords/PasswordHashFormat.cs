namespace CimHost.VmKernel.Users.Passwords;

/// <summary>How new passwords are hashed.</summary>
public enum PasswordHashFormat
{
    /// <summary><c>$pbkdf2-sha512$iterations$salt$hash</c>: PBKDF2 with HMAC-SHA-512 (RFC 8018 §5.2).</summary>
    Pbkdf2Sha512,

    /// <summary><c>$6$rounds=N$salt$hash</c>: SHA-crypt with SHA-512, as crypt(3) of Linux and ESXi read it.</summary>
    Sha512Crypt,
}
