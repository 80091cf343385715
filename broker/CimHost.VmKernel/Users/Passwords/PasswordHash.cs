using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.Users.Passwords;

/// <summary>The hash of a password as /etc/shadow keeps it: <c>$id$…</c>.</summary>
internal abstract class PasswordHash
{
    /// <summary>Longest password in UTF-16 units; what is longer is never right. It bounds what a stranger can make the host hash.</summary>
    public const int MaxPasswordLength = 1024;

    /// <summary>Reads the form of /etc/shadow; false for a format that is not known, and for a cost that is out of bounds.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = text.StartsWith(Pbkdf2Sha512Hash.Prefix, StringComparison.Ordinal) ? Pbkdf2Sha512Hash.Read(text)
            : text.StartsWith(Sha512CryptHash.Prefix, StringComparison.Ordinal) ? Sha512CryptHash.Read(text)
            : null;
        return hash is not null;
    }

    /// <summary>Hashes a password with a new salt.</summary>
    public static PasswordHash Create(string password, PasswordHashFormat format) => format switch
    {
        PasswordHashFormat.Pbkdf2Sha512 => Pbkdf2Sha512Hash.Create(password),
        PasswordHashFormat.Sha512Crypt => Sha512CryptHash.Create(password),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>A hash that no password has and that costs as much to verify as a new one: for users that do not exist.</summary>
    public static PasswordHash OfNobody(PasswordHashFormat format) => format == PasswordHashFormat.Sha512Crypt ? Sha512CryptHash.OfNobody() : Pbkdf2Sha512Hash.OfNobody();

    /// <summary>Whether a password is the right one; slow on purpose, and equally so for right and wrong ones.</summary>
    public abstract bool Verify(string password);

    /// <summary>The form of /etc/shadow.</summary>
    public abstract override string ToString();
}
