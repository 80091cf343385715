using System.Buffers.Binary;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>A system event log of a test behind the commands of a real one.</summary>
internal sealed class ScriptedSel
{
    public const uint Start = 0x66302010;

    private readonly List<byte[]> _entries = [];
    private ushort _lastId;
    private ushort _reservation = 1;

    public ScriptedSel(ScriptedIpmiPort port) => port
        .On(0x0A, 0x40, _ => Info())
        .On(0x0A, 0x42, _ => Ok((byte)++_reservation, (byte)(_reservation >> 8)))
        .On(0x0A, 0x43, Get)
        .On(0x0A, 0x47, Clear);

    public int Capacity { get; set; } = 100;

    /// <summary>True: a full log drops its oldest record for a new one.</summary>
    public bool Wraps { get; set; }

    public bool Overflow { get; set; }

    public uint LastAddition { get; set; } = uint.MaxValue;

    public uint LastErase { get; set; } = uint.MaxValue;

    /// <summary>The controller wants the length of a record told.</summary>
    public bool RefusesWholeRecord { get; set; }

    /// <summary>Status answers that say "in progress" before the erasure is complete.</summary>
    public int EraseSteps { get; set; }

    /// <summary>Requests to erase that were accepted.</summary>
    public int Erased { get; private set; }

    public int Count => _entries.Count;

    /// <summary>Adds an event of a sensor; its time is one second after the one before.</summary>
    public void AddEvent(byte sensorType, byte number, byte eventType, byte data1, byte data2 = 0xFF, byte data3 = 0xFF) =>
        Add(0x02, [.. Seconds(), 0x20, 0x00, 0x04, sensorType, number, eventType, data1, data2, data3]);

    /// <summary>Adds a record of the type with bytes 4–16.</summary>
    public void Add(byte type, params byte[] content)
    {
        if (_entries.Count == Capacity && Wraps)
        {
            _entries.RemoveAt(0);
        }

        byte[] entry = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(entry, ++_lastId);
        entry[2] = type;
        content.CopyTo(entry, 3);
        _entries.Add(entry);
        LastAddition = Start + _lastId;
    }

    /// <summary>Erases the log as another client would; ids begin anew.</summary>
    public void Erase()
    {
        _entries.Clear();
        (_lastId, LastErase) = (0, LastAddition + 1);
    }

    /// <summary>Takes one record out without a word.</summary>
    public void Remove(int index) => _entries.RemoveAt(index);

    private static IpmiResponse Ok(params byte[] data) => new(0, data);

    private byte[] Seconds()
    {
        byte[] seconds = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(seconds, Start + _lastId + 1);
        return seconds;
    }

    private IpmiResponse Info()
    {
        byte[] data = new byte[14];
        data[0] = 0x51;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(1), (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(3), (ushort)(16 * (Capacity - _entries.Count)));
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(5), LastAddition);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(9), LastErase);
        data[13] = (byte)(Overflow ? 0x8A : 0x0A);
        return Ok(data);
    }

    private IpmiResponse Get(IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        ushort id = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        int index = id == 0 ? 0 : _entries.FindIndex(e => BinaryPrimitives.ReadUInt16LittleEndian(e) == id);
        if (index < 0 || index >= _entries.Count)
        {
            return new IpmiResponse(0xCB, default);
        }

        if (data[5] == 0xFF && RefusesWholeRecord)
        {
            return new IpmiResponse(0xCA, default);
        }

        byte[] next = index + 1 < _entries.Count ? _entries[index + 1][..2] : [0xFF, 0xFF];
        return Ok([.. next, .. _entries[index]]);
    }

    private IpmiResponse Clear(IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if (BinaryPrimitives.ReadUInt16LittleEndian(data) != _reservation)
        {
            return new IpmiResponse(0xC5, default);
        }

        if (data[5] == 0xAA)
        {
            Erased++;
            Erase();
        }

        return Ok(EraseSteps-- > 0 ? (byte)0 : (byte)1);
    }
}
