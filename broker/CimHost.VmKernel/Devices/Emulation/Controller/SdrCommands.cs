using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>SDR repository commands (IPMI 2.0 §33).</summary>
internal static class SdrCommands
{
    private const byte NetFn = 0x0A;
    private const int UnitSize = 16;
    private const int Units = 4096;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetSdrRepositoryInfo", NetFn, 0x20, 0, 0, Info),
        new("GetSdrRepositoryAllocationInfo", NetFn, 0x21, 0, 0, Allocation),
        new("ReserveSdrRepository", NetFn, 0x22, 0, 0, Reserve),
        new("GetSdr", NetFn, 0x23, 6, 6, Get, CommandSubject.Record),
        new("GetSdrRepositoryTime", NetFn, 0x28, 0, 0, SelCommands.Time),
    ];

    private static IpmiResponse Info(BmcState state, IpmiRequest request)
    {
        byte[] answer = new byte[14];
        answer[0] = 0x51;
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(1), (ushort)state.Sdrs.Records.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(3), (ushort)Math.Min(0xFFFE, FreeUnits(state) * UnitSize));
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(5), state.Sdrs.Changed);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(9), state.Sdrs.Changed);

        // Non-modal update, reservation and allocation information supported.
        answer[13] = 0x23;
        return Answer.Ok(answer);
    }

    private static IpmiResponse Allocation(BmcState state, IpmiRequest request)
    {
        int free = FreeUnits(state);
        byte[] answer = new byte[9];
        BinaryPrimitives.WriteUInt16LittleEndian(answer, Units);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(2), UnitSize);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(4), (ushort)free);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(6), (ushort)free);
        answer[8] = 4;
        return Answer.Ok(answer);
    }

    private static int FreeUnits(BmcState state) => Math.Max(0, Units - state.Sdrs.Records.Sum(r => (r.Length + UnitSize - 1) / UnitSize));

    private static IpmiResponse Reserve(BmcState state, IpmiRequest request)
    {
        ushort id = state.Sdrs.Reserve();
        return Answer.Ok((byte)id, (byte)(id >> 8));
    }

    /// <summary>§33.12: record 0000h is the first, FFFFh the last; a part of a record needs a reservation.</summary>
    private static IpmiResponse Get(BmcState state, IpmiRequest request) => Read(state.Sdrs, request.Data.Span, state.Description.Device.LongestRead);

    /// <summary>A record, or a part of one, of a repository or of a controller's own records: the six bytes of the request say which.</summary>
    internal static IpmiResponse Read(SdrRepository repository, ReadOnlySpan<byte> data, int longest)
    {
        ushort reservation = BinaryPrimitives.ReadUInt16LittleEndian(data);
        ushort id = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        (int offset, int count) = (data[4], data[5]);
        if ((offset != 0 || reservation != 0) && (reservation == 0 || reservation != repository.Reservation))
        {
            return Answer.Error(CompletionCode.ReservationCancelled);
        }

        IReadOnlyList<byte[]> records = repository.Records;
        int index = id switch { 0 => 0, 0xFFFF => records.Count - 1, _ => id - 1 };
        if (index < 0 || index >= records.Count)
        {
            return Answer.Error(CompletionCode.NotPresent);
        }

        int next = index + 1 < records.Count ? index + 2 : 0xFFFF;
        return Part(records[index], next, offset, count, longest);
    }

    /// <summary>A part of a record behind the id of the next one; FFh bytes mean the rest.</summary>
    internal static IpmiResponse Part(byte[] record, int next, int offset, int count, int longest)
    {
        if (offset >= record.Length)
        {
            return Answer.Error(CompletionCode.OutOfRange);
        }

        count = count == 0xFF ? record.Length - offset : count;
        if (count > longest)
        {
            return Answer.Error(CompletionCode.CannotReturnCount);
        }

        count = Math.Min(count, record.Length - offset);
        return Answer.Ok([(byte)next, (byte)(next >> 8), .. record.AsSpan(offset, count)]);
    }
}
