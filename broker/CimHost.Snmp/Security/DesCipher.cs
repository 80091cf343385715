using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace CimHost.Snmp.Security;

/// <summary>DES in CBC mode (RFC 3414 section 8).</summary>
internal sealed class DesCipher : PrivacyCipher
{
    private const int Block = 8;

    private readonly DES _des;
    private readonly byte[] _preVector;

    /// <summary>A cipher under a key of 16 octets, whose second half goes into the initialisation vector.</summary>
    /// <exception cref="FormatException">It is a weak key.</exception>
    [SuppressMessage("Security", "CA5351:Do not use broken cryptographic algorithms", Justification = "Old devices have nothing else; it is used only where the configuration names it.")]
    public DesCipher(byte[] key)
    {
        _des = DES.Create();
        try
        {
            _des.Key = key[..Block];
        }
        catch (CryptographicException e)
        {
            _des.Dispose();
            throw new FormatException("the key is one of the weak keys of DES", e);
        }

        _preVector = key[Block..];
    }

    /// <inheritdoc/>
    public override int BlockLength => Block;

    /// <inheritdoc/>
    public override bool KeepsPadding => true;

    /// <inheritdoc/>
    public override void Encrypt(Span<byte> data, int boots, int time, Span<byte> salt)
    {
        BinaryPrimitives.WriteInt32BigEndian(salt, boots);
        BinaryPrimitives.WriteInt32BigEndian(salt[4..], (int)NextSalt());
        Span<byte> vector = stackalloc byte[Block];
        Fill(vector, salt);
        _des.EncryptCbc(data, vector, data, PaddingMode.None);
    }

    /// <inheritdoc/>
    public override bool TryDecrypt(Span<byte> buffer, int length, int boots, int time, ReadOnlySpan<byte> salt)
    {
        if (length % Block != 0)
        {
            return false;
        }

        Span<byte> vector = stackalloc byte[Block];
        Fill(vector, salt);
        _des.DecryptCbc(buffer[..length], vector, buffer[..length], PaddingMode.None);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _des.Dispose();

    private void Fill(Span<byte> vector, ReadOnlySpan<byte> salt)
    {
        for (int i = 0; i < Block; i++)
        {
            vector[i] = (byte)(_preVector[i] ^ salt[i]);
        }
    }
}
