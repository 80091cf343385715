using System.Security.Cryptography;
using System.Text;

namespace CimHost.VmKernel.Users.Passwords;

/// <summary>
/// SHA-crypt with SHA-512, <c>$6$[rounds=N$]salt$hash</c>, from "Unix crypt using SHA-256 and SHA-512" (U. Drepper, version 0.6). The
/// numbers in comments are the steps of its algorithm.
/// </summary>
internal sealed class Sha512CryptHash : PasswordHash
{
    /// <summary>How the text begins.</summary>
    public const string Prefix = "$6$";

    private const string RoundsPrefix = "rounds=";
    private const int RoundsUnsaid = 5_000;
    private const int MinRounds = 1_000;

    // The specification allows 999,999,999, which is a quarter of an hour for each attempt.
    private const int MaxRounds = 5_000_000;
    private const int RoundsOfNew = 200_000;
    private const int MaxSaltLength = 16;
    private const int HashLength = 64;
    private const int EncodedLength = 86;
    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly int? _rounds;
    private readonly string _salt;
    private readonly string _hash;

    private Sha512CryptHash(int? rounds, string salt, string hash)
    {
        _rounds = rounds;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>Reads the text; null when it is not of this form.</summary>
    public static Sha512CryptHash? Read(string text)
    {
        string[] parts = text[Prefix.Length..].Split('$', 4);
        int? rounds = null;
        if (parts.Length == 3 && parts[0].StartsWith(RoundsPrefix, StringComparison.Ordinal))
        {
            if (!Files.AccountFields.TryReadNumber(parts[0][RoundsPrefix.Length..], out int given) || given is < MinRounds or > MaxRounds)
            {
                return null;
            }

            rounds = given;
            parts = parts[1..];
        }

        return parts.Length == 2
            && parts[0].Length <= MaxSaltLength && parts[0].All(static c => c is > ' ' and < '\x7f' and not ':')
            && parts[1].Length == EncodedLength && parts[1].All(static c => Alphabet.Contains(c, StringComparison.Ordinal))
            ? new Sha512CryptHash(rounds, parts[0], parts[1])
            : null;
    }

    /// <summary>Hashes a password with a new salt.</summary>
    public static Sha512CryptHash Create(string password)
    {
        string salt = RandomNumberGenerator.GetString(Alphabet, MaxSaltLength);
        return new Sha512CryptHash(RoundsOfNew, salt, Crypt(password, salt, RoundsOfNew));
    }

    /// <summary>
    /// What crypt(3) makes of a password and a setting: a salt that is too long is cut, rounds out of the range are moved into it.
    /// </summary>
    /// <exception cref="FormatException">The setting is not of this form.</exception>
    public static Sha512CryptHash Crypt(string password, string setting)
    {
        if (!setting.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new FormatException($"A setting of SHA-crypt begins with {Prefix}");
        }

        string[] parts = setting[Prefix.Length..].Split('$');
        int? rounds = null;
        if (parts[0].StartsWith(RoundsPrefix, StringComparison.Ordinal) && parts.Length > 1)
        {
            rounds = int.TryParse(parts[0].AsSpan(RoundsPrefix.Length), out int given) ? Math.Clamp(given, MinRounds, MaxRounds) : throw new FormatException("The rounds are no number.");
            parts = parts[1..];
        }

        string salt = parts[0][..Math.Min(parts[0].Length, MaxSaltLength)];
        return new Sha512CryptHash(rounds, salt, Crypt(password, salt, rounds ?? RoundsUnsaid));
    }

    /// <summary>Salt and hash at random.</summary>
    public static Sha512CryptHash OfNobody() => new(RoundsOfNew, RandomNumberGenerator.GetString(Alphabet, MaxSaltLength), RandomNumberGenerator.GetString(Alphabet, EncodedLength));

    /// <inheritdoc/>
    public override bool Verify(string password) => password.Length <= MaxPasswordLength
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Crypt(password, _salt, _rounds ?? RoundsUnsaid)), Encoding.ASCII.GetBytes(_hash));

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}{(_rounds is { } rounds ? $"{RoundsPrefix}{rounds}$" : string.Empty)}{_salt}${_hash}";

    private static string Crypt(string password, string saltText, int rounds)
    {
        byte[] key = Encoding.UTF8.GetBytes(password);
        byte[] salt = Encoding.ASCII.GetBytes(saltText);
        byte[] a = new byte[HashLength];
        First(key, salt, a);
        byte[] p = Sequence(key, key.Length, key.Length);
        byte[] s = Sequence(salt, 16 + a[0], salt.Length);
        Rounds(a, p, s, rounds);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(p);
        return Encode(a);
    }

    // Steps 1 to 12: the password, the salt and, by the bits of the password's length, the password again or digest B.
    private static void First(byte[] key, byte[] salt, Span<byte> a)
    {
        byte[] b = SHA512.HashData([.. key, .. salt, .. key]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(key);
        hash.AppendData(salt);
        int left = key.Length;
        for (; left > HashLength; left -= HashLength)
        {
            hash.AppendData(b);
        }

        hash.AppendData(b.AsSpan(0, left));
        for (int length = key.Length; length > 0; length >>= 1)
        {
            hash.AppendData((length & 1) != 0 ? b : key);
        }

        hash.GetHashAndReset(a);
    }

    // Steps 13 to 20: the digest of something many times over, repeated to a length.
    private static byte[] Sequence(byte[] of, int times, int length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        for (int i = 0; i < times; i++)
        {
            hash.AppendData(of);
        }

        byte[] digest = hash.GetHashAndReset();
        byte[] sequence = new byte[length];
        for (int i = 0; i < length; i++)
        {
            sequence[i] = digest[i % HashLength];
        }

        return sequence;
    }

    // Step 21.
    private static void Rounds(byte[] a, byte[] p, byte[] s, int rounds)
    {
        byte[] buffer = new byte[HashLength + p.Length + s.Length + Math.Max(p.Length, HashLength)];
        for (int round = 0; round < rounds; round++)
        {
            bool isOdd = (round & 1) != 0;
            int length = Append(buffer, 0, isOdd ? p : a);
            length = round % 3 != 0 ? Append(buffer, length, s) : length;
            length = round % 7 != 0 ? Append(buffer, length, p) : length;
            length = Append(buffer, length, isOdd ? a : p);
            SHA512.HashData(buffer.AsSpan(0, length), a);
        }

        CryptographicOperations.ZeroMemory(buffer);
    }

    private static int Append(byte[] buffer, int length, byte[] part)
    {
        part.CopyTo(buffer, length);
        return length + part.Length;
    }

    // Step 22: three bytes are four characters, least significant bits first; the places of the three turn with every group.
    private static string Encode(byte[] digest)
    {
        var text = new StringBuilder(EncodedLength);
        (int high, int middle, int low) = (0, 21, 42);
        for (int group = 0; group < 21; group++)
        {
            Append(text, (digest[high] << 16) | (digest[middle] << 8) | digest[low], 4);
            (high, middle, low) = (middle + 1, low + 1, high + 1);
        }

        Append(text, digest[63], 2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int bits, int characters)
    {
        for (; characters > 0; characters--, bits >>= 6)
        {
            text.Append(Alphabet[bits & 0x3f]);
        }
    }
}
