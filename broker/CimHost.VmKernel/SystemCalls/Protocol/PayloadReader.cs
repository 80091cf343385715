using System.Buffers.Binary;
using System.Text;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Reads the values of a payload in their order. What is missing or malformed is EPROTO.</summary>
internal sealed class PayloadReader(ReadOnlyMemory<byte> payload)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private int _position;

    /// <summary>A 32-bit number.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    /// <summary>A 64-bit number.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    /// <summary>A truth value: 0 or 1.</summary>
    public bool Boolean() => Take(1).Span[0] switch
    {
        0 => false,
        1 => true,
        _ => throw Malformed(),
    };

    /// <summary>Bytes with their length before them; they lie in the payload.</summary>
    public ReadOnlyMemory<byte> Bytes() => Take(Int32());

    /// <summary>UTF-8 text with its length in bytes before it.</summary>
    public string Text()
    {
        try
        {
            return s_strict.GetString(Bytes().Span);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed();
        }
    }

    /// <summary>A list with its length before it.</summary>
    public List<T> List<T>(Func<PayloadReader, T> item)
    {
        // Every item takes a byte at least: a length that the payload cannot hold is refused before anything is reserved.
        int count = Int32();
        if (count < 0 || count > payload.Length - _position)
        {
            throw Malformed();
        }

        var list = new List<T>(Math.Min(count, 64));
        for (int i = 0; i < count; i++)
        {
            list.Add(item(this));
        }

        return list;
    }

    /// <summary>A value that may be absent.</summary>
    public T? Optional<T>(Func<PayloadReader, T> value) => Boolean() ? value(this) : default;

    /// <summary>Nothing may follow.</summary>
    public void End()
    {
        if (_position != payload.Length)
        {
            throw Malformed();
        }
    }

    private static KernelException Malformed() => new(Errno.EPROTO, "A payload of the system-call protocol is malformed.");

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > payload.Length - _position)
        {
            throw Malformed();
        }

        ReadOnlyMemory<byte> part = payload.Slice(_position, length);
        _position += length;
        return part;
    }
}
