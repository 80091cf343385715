using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Writes the values of a payload.</summary>
internal sealed class PayloadWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>A 32-bit number.</summary>
    public PayloadWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
        return this;
    }

    /// <summary>A 64-bit number.</summary>
    public PayloadWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
        return this;
    }

    /// <summary>A truth value.</summary>
    public PayloadWriter Boolean(bool value)
    {
        _buffer.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        _buffer.Advance(1);
        return this;
    }

    /// <summary>Bytes.</summary>
    public PayloadWriter Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>Text.</summary>
    public PayloadWriter Text(string value)
    {
        Int32(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _buffer);
        return this;
    }

    /// <summary>A list.</summary>
    public PayloadWriter List<T>(IReadOnlyCollection<T> items, Action<PayloadWriter, T> write)
    {
        Int32(items.Count);
        foreach (T item in items)
        {
            write(this, item);
        }

        return this;
    }

    /// <summary>A reference that may be absent.</summary>
    public PayloadWriter Optional<T>(T? value, Action<PayloadWriter, T> write)
        where T : class
    {
        Boolean(value is not null);
        if (value is not null)
        {
            write(this, value);
        }

        return this;
    }

    /// <summary>A value that may be absent.</summary>
    public PayloadWriter OptionalValue<T>(T? value, Action<PayloadWriter, T> write)
        where T : struct
    {
        Boolean(value is not null);
        if (value is { } present)
        {
            write(this, present);
        }

        return this;
    }
}
