using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CimHost.Snmp.Security;

/// <summary>Encryption of scoped PDUs under one key. May be used from any thread.</summary>
internal abstract class PrivacyCipher : IDisposable
{
    /// <summary>Octets of msgPrivacyParameters with every protocol.</summary>
    public const int SaltLength = 8;

    private long _salt = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    /// <summary>What the length of what is encrypted is a multiple of.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Whether the result has what was filled up to <see cref="BlockLength"/> too.</summary>
    public abstract bool KeepsPadding { get; }

    /// <summary>A cipher of a protocol.</summary>
    public static PrivacyCipher Create(PrivacyProtocol protocol, byte[] key) => protocol == PrivacyProtocol.Des ? new DesCipher(key) : new AesCipher(key);

    /// <summary>Encrypts in place.</summary>
    /// <param name="data">What to encrypt; a multiple of <see cref="BlockLength"/>.</param>
    /// <param name="boots">msgAuthoritativeEngineBoots.</param>
    /// <param name="time">msgAuthoritativeEngineTime.</param>
    /// <param name="salt">Where msgPrivacyParameters is put.</param>
    public abstract void Encrypt(Span<byte> data, int boots, int time, Span<byte> salt);

    /// <summary>Decrypts in place; false when what was given cannot have been encrypted so.</summary>
    /// <param name="buffer">What to decrypt, at its beginning. A block behind it is overwritten, as whole blocks are worked on.</param>
    /// <param name="length">Octets to decrypt.</param>
    /// <param name="boots">msgAuthoritativeEngineBoots.</param>
    /// <param name="time">msgAuthoritativeEngineTime.</param>
    /// <param name="salt">msgPrivacyParameters, of <see cref="SaltLength"/> octets.</param>
    public abstract bool TryDecrypt(Span<byte> buffer, int length, int boots, int time, ReadOnlySpan<byte> salt);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A number that this key has not been used with (RFC 3826 section 3.1.2.1, RFC 3414 section 8.1.1.1).</summary>
    protected long NextSalt() => Interlocked.Increment(ref _salt);

    /// <summary>Ends it.</summary>
    protected abstract void Dispose(bool disposing);
}
