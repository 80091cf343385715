using System.Security.Cryptography;

namespace CimHost.VmKernel.Users.Passwords;

/// <summary>
/// PBKDF2 with HMAC-SHA-512 (RFC 8018 §5.2), 64 bytes, in the modular crypt format <c>$pbkdf2-sha512$iterations$salt$hash</c>. Salt and
/// hash are base64 without padding and with '.' for '+', as other software writes this format.
/// </summary>
internal sealed class Pbkdf2Sha512Hash : PasswordHash
{
    /// <summary>How the text begins.</summary>
    public const string Prefix = "$pbkdf2-sha512$";

    /// <summary>Iterations of new hashes.</summary>
    public const int DefaultIterations = 210_000;

    private const int MaxIterations = 10_000_000;
    private const int SaltLength = 16;
    private const int MaxSaltLength = 64;
    private const int HashLength = 64;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private Pbkdf2Sha512Hash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>Reads the text; null when it is not of this form.</summary>
    public static Pbkdf2Sha512Hash? Read(string text)
    {
        string[] parts = text[Prefix.Length..].Split('$', 4);
        return parts.Length == 3
            && Files.AccountFields.TryReadNumber(parts[0], out int iterations) && iterations is > 0 and <= MaxIterations
            && FromText(parts[1]) is { Length: > 0 and <= MaxSaltLength } salt
            && FromText(parts[2]) is { Length: HashLength } hash
            ? new Pbkdf2Sha512Hash(iterations, salt, hash)
            : null;
    }

    /// <summary>A hash that was made elsewhere; null when its numbers are out of bounds.</summary>
    public static Pbkdf2Sha512Hash? From(int iterations, byte[] salt, byte[] hash) =>
        iterations is > 0 and <= MaxIterations && salt.Length is > 0 and <= MaxSaltLength && hash.Length == HashLength ? new Pbkdf2Sha512Hash(iterations, salt, hash) : null;

    /// <summary>Hashes a password with a new salt.</summary>
    public static Pbkdf2Sha512Hash Create(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new Pbkdf2Sha512Hash(DefaultIterations, salt, Derive(password, salt, DefaultIterations));
    }

    /// <summary>Salt and hash at random.</summary>
    public static Pbkdf2Sha512Hash OfNobody() => new(DefaultIterations, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(HashLength));

    /// <inheritdoc/>
    public override bool Verify(string password) =>
        password.Length <= MaxPasswordLength && CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}{_iterations}${ToText(_salt)}${ToText(_hash)}";

    private static byte[] Derive(string password, byte[] salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashLength);

    private static string ToText(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');

    private static byte[]? FromText(string text)
    {
        if (text.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '/')) || text.Length % 4 == 1)
        {
            return null;
        }

        byte[] bytes = Convert.FromBase64String(text.Replace('.', '+').PadRight((text.Length + 3) / 4 * 4, '='));

        // The bits that padding leaves over are zero in the one form that is written.
        return ToText(bytes) == text ? bytes : null;
    }
}
