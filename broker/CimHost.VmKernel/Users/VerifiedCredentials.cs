using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace CimHost.VmKernel.Users;

/// <summary>
/// Credentials that were right, as keyed hashes in memory, so that a client that authenticates with every request pays the slow hash once.
/// The key is made anew at each start and never leaves the process.
/// </summary>
internal sealed class VerifiedCredentials
{
    private const int MaxEntries = 1_024;
    private const int StackBytes = 512;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<Digest, Principal> _entries = new();

    /// <summary>What a name and a password are remembered by.</summary>
    public Digest DigestOf(string name, string password)
    {
        Span<byte> hash = stackalloc byte[32];
        int length = Encoding.UTF8.GetMaxByteCount(name.Length + password.Length + 1);
        Span<byte> text = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        int written = Encoding.UTF8.GetBytes(name, text);

        // No name holds a NUL, so where it ends is certain.
        text[written++] = 0;
        written += Encoding.UTF8.GetBytes(password, text[written..]);
        HMACSHA256.HashData(_key, text[..written], hash);
        CryptographicOperations.ZeroMemory(text[..written]);
        return new Digest(BitConverter.ToInt64(hash), BitConverter.ToInt64(hash[8..]), BitConverter.ToInt64(hash[16..]), BitConverter.ToInt64(hash[24..]));
    }

    /// <summary>Who had these credentials; null when they are not remembered.</summary>
    public Principal? Find(Digest digest) => _entries.GetValueOrDefault(digest);

    /// <summary>Remembers credentials that were right.</summary>
    public void Add(Digest digest, Principal principal)
    {
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }

        _entries[digest] = principal;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>HMAC-SHA-256 of a name and a password.</summary>
    internal readonly record struct Digest(long A, long B, long C, long D);
}
