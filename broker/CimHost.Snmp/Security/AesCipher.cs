using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CimHost.Snmp.Security;

/// <summary>AES in CFB mode with segments of 128 bits (RFC 3826 section 3).</summary>
internal sealed class AesCipher : PrivacyCipher
{
    private const int Block = 16;
    private const int SegmentBits = 128;

    private readonly Aes _aes;

    /// <summary>A cipher under a key of 16, 24 or 32 octets.</summary>
    public AesCipher(byte[] key)
    {
        _aes = Aes.Create();
        _aes.Key = key;
    }

    /// <inheritdoc/>
    public override int BlockLength => Block;

    /// <inheritdoc/>
    public override bool KeepsPadding => false;

    /// <inheritdoc/>
    public override void Encrypt(Span<byte> data, int boots, int time, Span<byte> salt)
    {
        BinaryPrimitives.WriteInt64BigEndian(salt, NextSalt());
        Span<byte> vector = stackalloc byte[Block];
        Fill(vector, boots, time, salt);
        _aes.EncryptCfb(data, vector, data, PaddingMode.None, SegmentBits);
    }

    /// <inheritdoc/>
    public override bool TryDecrypt(Span<byte> buffer, int length, int boots, int time, ReadOnlySpan<byte> salt)
    {
        // The last segment may be cut (RFC 3826 section 3.1.3): what follows it in the buffer is decrypted with it and means nothing.
        Span<byte> blocks = buffer[..((length + Block - 1) / Block * Block)];
        Span<byte> vector = stackalloc byte[Block];
        Fill(vector, boots, time, salt);
        _aes.DecryptCfb(blocks, vector, blocks, PaddingMode.None, SegmentBits);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _aes.Dispose();

    private static void Fill(Span<byte> vector, int boots, int time, ReadOnlySpan<byte> salt)
    {
        BinaryPrimitives.WriteInt32BigEndian(vector, boots);
        BinaryPrimitives.WriteInt32BigEndian(vector[4..], time);
        salt.CopyTo(vector[8..]);
    }
}
