using System.Buffers.Binary;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>A management controller of a test: records, sensors and FRUs that the test sets, behind the commands of a real one.</summary>
internal sealed class ScriptedBmc
{
    private readonly List<byte[]> _records = [];
    private ushort _reservation = 1;

    public ScriptedBmc(string name = "ipmi0")
    {
        Port = new ScriptedIpmiPort(name);
        Port.On(0x06, 0x01, _ => Ok(0x20, 0x81, FirmwareMajor, 0x15, 0x02, Support, 0x57, 0x01, 0x00, 0x34, 0x12, 1, 2, 3, 4))
            .On(0x06, 0x37, _ => Ok([.. Enumerable.Range(1, 16).Select(i => (byte)i)]))
            .On(0x06, 0x59, SystemInfo)
            .On(0x00, 0x01, _ => Ok(ChassisPower, 0x00, ChassisMisc))
            .On(0x0A, 0x20, _ => RepositoryInfo())
            .On(0x0A, 0x22, _ => Ok((byte)++_reservation, (byte)(_reservation >> 8)))
            .On(0x0A, 0x23, GetSdr)
            .On(0x04, 0x2D, r => Sensors.TryGetValue(r.Data.Span[0], out byte[]? data) ? Ok(data) : new IpmiResponse(0xCB, default))
            .On(0x04, 0x27, r => Thresholds.TryGetValue(r.Data.Span[0], out byte[]? data) ? Ok(data) : new IpmiResponse(0xCD, default))
            .On(0x04, 0x25, _ => Ok(2, 2))
            .On(0x0A, 0x10, r => Fru(r) is { } data ? Ok((byte)FruSize(data), (byte)(FruSize(data) >> 8), FruByWords ? (byte)1 : (byte)0) : new IpmiResponse(0xCB, default))
            .On(0x0A, 0x11, ReadFru);
    }

    public ScriptedIpmiPort Port { get; }

    public byte FirmwareMajor { get; set; } = 3;

    public byte Support { get; set; } = 0xBF;

    public byte ChassisPower { get; set; } = 0x21;

    public byte ChassisMisc { get; set; }

    public string? BiosVersion { get; set; } = "U32 v2.10 (05/21/2024)";

    /// <summary>Answer to Get Sensor Reading by sensor number.</summary>
    public Dictionary<byte, byte[]> Sensors { get; } = [];

    /// <summary>Answer to Get Sensor Thresholds by sensor number.</summary>
    public Dictionary<byte, byte[]> Thresholds { get; } = [];

    public Dictionary<byte, byte[]> Frus { get; } = [];

    /// <summary>FRUs of controllers behind this one.</summary>
    public Dictionary<(byte Controller, byte DeviceId), byte[]> BridgedFrus { get; } = [];

    public uint LastAddition { get; set; } = 100;

    /// <summary>Most bytes of a record in one answer; longer requests get CAh.</summary>
    public int MaxSdrPart { get; set; } = 255;

    /// <summary>Most bytes of a FRU in one answer; longer requests get CAh.</summary>
    public int MaxFruPart { get; set; } = 255;

    public bool FruByWords { get; set; }

    /// <summary>Loses the reservation at this many coming reads.</summary>
    public int ReservationsToLose { get; set; }

    /// <summary>Refuses to read behind the end of a record; else gives what there is.</summary>
    public bool RefusesSdrEnd { get; set; }

    public ScriptedBmc Add(byte[] record)
    {
        byte[] copy = [.. record];
        BinaryPrimitives.WriteUInt16LittleEndian(copy, (ushort)(_records.Count + 1));
        _records.Add(copy);
        return this;
    }

    /// <summary>Adds a sensor with its record and a reading: raw, flags (C0h: events and scanning on), states.</summary>
    public ScriptedBmc Add(byte[] record, params byte[] reading)
    {
        Sensors[record[7]] = reading;
        return Add(record);
    }

    private static IpmiResponse Ok(params byte[] data) => new(0, data);

    private byte[]? Fru(IpmiRequest request) => request.IsBridged
        ? BridgedFrus.GetValueOrDefault((request.Target, request.Data.Span[0]))
        : Frus.GetValueOrDefault(request.Data.Span[0]);

    private static int FruSize(byte[] data) => data.Length;

    private IpmiResponse RepositoryInfo()
    {
        byte[] data = new byte[14];
        data[0] = 0x51;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(1), (ushort)_records.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(5), LastAddition);
        data[13] = 0x02;
        return Ok(data);
    }

    private IpmiResponse GetSdr(IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        ushort reservation = BinaryPrimitives.ReadUInt16LittleEndian(data), id = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        if (ReservationsToLose > 0 || reservation != _reservation)
        {
            ReservationsToLose--;
            return new IpmiResponse(0xC5, default);
        }

        int index = id == 0 ? 0 : id - 1, offset = data[4], count = data[5];
        if (index >= _records.Count)
        {
            return new IpmiResponse(0xCB, default);
        }

        byte[] record = _records[index];
        count = count == 0xFF ? record.Length : count;
        if (count > MaxSdrPart)
        {
            return new IpmiResponse(0xCA, default);
        }

        if (RefusesSdrEnd && offset + count > record.Length)
        {
            return new IpmiResponse(0xC9, default);
        }

        ushort next = index + 1 < _records.Count ? (ushort)(index + 2) : (ushort)0xFFFF;
        return Ok([(byte)next, (byte)(next >> 8), .. record.Skip(offset).Take(count)]);
    }

    private IpmiResponse ReadFru(IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        int unit = FruByWords ? 2 : 1, offset = BinaryPrimitives.ReadUInt16LittleEndian(data[1..]) * unit, count = data[3] * unit;
        if (Fru(request) is not { } fru)
        {
            return new IpmiResponse(0xCB, default);
        }

        if (count > MaxFruPart || offset + count > fru.Length)
        {
            return new IpmiResponse(count > MaxFruPart ? (byte)0xCA : (byte)0xC9, default);
        }

        return Ok([(byte)(count / unit), .. fru.AsSpan(offset, count)]);
    }

    private IpmiResponse SystemInfo(IpmiRequest request)
    {
        if (BiosVersion is null || request.Data.Span[1] != 1)
        {
            return new IpmiResponse(0x80, default);
        }

        byte block = request.Data.Span[2];
        byte[] text = [0, (byte)BiosVersion.Length, .. System.Text.Encoding.Latin1.GetBytes(BiosVersion)];
        return Ok([0x11, block, .. text.Skip(block * 16).Take(16)]);
    }
}
