using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>The SDR repository of the controller: whole records in order, their ids, and the reservation.</summary>
internal sealed class SdrRepository
{
    private readonly List<byte[]> _records = [];
    private ushort _lastReservation;

    /// <summary>Records with their five-byte header. The record id is the position from 1 on.</summary>
    public IReadOnlyList<byte[]> Records => _records;

    /// <summary>Reservation that is valid now; 0 for none.</summary>
    public ushort Reservation { get; private set; }

    /// <summary>Seconds of the controller's clock at the last change.</summary>
    public uint Changed { get; private set; }

    /// <summary>Puts records (type and body) in place; the same ones again change nothing and keep the reservation.</summary>
    public void Load(IEnumerable<(byte Type, byte[] Body)> described, uint now)
    {
        List<byte[]> records = described.Select((r, i) => Whole(i + 1, r.Type, r.Body)).ToList();
        if (records.Count == _records.Count && records.Zip(_records).All(p => p.First.AsSpan().SequenceEqual(p.Second)))
        {
            return;
        }

        _records.Clear();
        _records.AddRange(records);
        Reservation = 0;
        Changed = now;
    }

    public ushort Reserve()
    {
        _lastReservation = (ushort)(_lastReservation == 0xFFFF ? 1 : _lastReservation + 1);
        return Reservation = _lastReservation;
    }

    private static byte[] Whole(int id, byte type, byte[] body) => [(byte)id, (byte)(id >> 8), 0x51, type, (byte)body.Length, .. body];
}
