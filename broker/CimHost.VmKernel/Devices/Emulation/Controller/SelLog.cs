using System.Buffers.Binary;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>The system event log, in memory. When it is full, events are lost and the overflow flag says so (IPMI 2.0 §31).</summary>
internal sealed class SelLog
{
    private readonly SortedDictionary<ushort, byte[]> _entries = [];
    private readonly int _capacity;
    private ushort _lastId;
    private ushort _lastReservation;

    public SelLog(SelDescription description)
    {
        _capacity = description.Capacity;
        foreach (byte[] entry in description.Entries)
        {
            Add(entry);
        }
    }

    public int Count => _entries.Count;

    public int Free => _capacity - _entries.Count;

    public bool Overflow { get; private set; }

    public uint Added { get; set; } = 0xFFFFFFFF;

    public uint Erased { get; private set; } = 0xFFFFFFFF;

    public ushort Reservation { get; private set; }

    public IReadOnlyDictionary<ushort, byte[]> Entries => _entries;

    public ushort Reserve()
    {
        _lastReservation = (ushort)(_lastReservation == 0xFFFF ? 1 : _lastReservation + 1);
        return Reservation = _lastReservation;
    }

    /// <summary>Adds bytes 3–16 of an entry; its id, or null when the log is full.</summary>
    public ushort? Add(ReadOnlySpan<byte> body)
    {
        if (Free == 0)
        {
            Overflow = true;
            return null;
        }

        do
        {
            _lastId = (ushort)(_lastId >= 0xFFFE ? 1 : _lastId + 1);
        }
        while (_entries.ContainsKey(_lastId));

        byte[] entry = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(entry, _lastId);
        body[..14].CopyTo(entry.AsSpan(2));
        _entries[_lastId] = entry;
        Added = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
        return _lastId;
    }

    public bool Remove(ushort id, uint now)
    {
        if (!_entries.Remove(id))
        {
            return false;
        }

        (Erased, Reservation) = (now, 0);
        return true;
    }

    public void Clear(uint now)
    {
        _entries.Clear();
        (Erased, Reservation, Overflow) = (now, 0, false);
    }

    /// <summary>The id behind one that is there; FFFFh after the last.</summary>
    public ushort After(ushort id) => _entries.Keys.Where(k => k > id).Cast<ushort?>().FirstOrDefault() ?? 0xFFFF;
}
