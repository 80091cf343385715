using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>SEL commands (IPMI 2.0 §31).</summary>
internal static class SelCommands
{
    private const byte NetFn = 0x0A;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetSelInfo", NetFn, 0x40, 0, 0, Info),
        new("GetSelAllocationInfo", NetFn, 0x41, 0, 0, Allocation),
        new("ReserveSel", NetFn, 0x42, 0, 0, Reserve),
        new("GetSelEntry", NetFn, 0x43, 6, 6, Get, CommandSubject.Record),
        new("AddSelEntry", NetFn, 0x44, 16, 16, Add),
        new("DeleteSelEntry", NetFn, 0x46, 4, 4, Delete, CommandSubject.Record),
        new("ClearSel", NetFn, 0x47, 6, 6, Clear),
        new("GetSelTime", NetFn, 0x48, 0, 0, Time),
        new("SetSelTime", NetFn, 0x49, 4, 4, SetTime),
        new("GetSelTimeUtcOffset", NetFn, 0x5C, 0, 0, (_, _) => Answer.Ok(0, 0)),
    ];

    internal static IpmiResponse Time(BmcState state, IpmiRequest request)
    {
        byte[] answer = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(answer, state.Now);
        return Answer.Ok(answer);
    }

    private static IpmiResponse SetTime(BmcState state, IpmiRequest request)
    {
        state.SetClock(BinaryPrimitives.ReadUInt32LittleEndian(request.Data.Span));
        return Answer.Ok();
    }

    private static IpmiResponse Info(BmcState state, IpmiRequest request)
    {
        SelLog log = state.Log;
        byte[] answer = new byte[14];
        answer[0] = 0x51;
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(1), (ushort)log.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(3), (ushort)Math.Min(0xFFFF, log.Free * 16));
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(5), log.Added);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(9), log.Erased);

        // Delete, reserve and allocation information supported; the top bit says that events were lost.
        answer[13] = (byte)(0x0B | (log.Overflow ? 0x80 : 0));
        return Answer.Ok(answer);
    }

    private static IpmiResponse Allocation(BmcState state, IpmiRequest request)
    {
        SelLog log = state.Log;
        int all = log.Count + log.Free;
        return Answer.Ok((byte)all, (byte)(all >> 8), 16, 0, (byte)log.Free, (byte)(log.Free >> 8), (byte)log.Free, (byte)(log.Free >> 8), 1);
    }

    private static IpmiResponse Reserve(BmcState state, IpmiRequest request)
    {
        ushort id = state.Log.Reserve();
        return Answer.Ok((byte)id, (byte)(id >> 8));
    }

    private static IpmiResponse Get(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        ushort reservation = BinaryPrimitives.ReadUInt16LittleEndian(data);
        if ((data[4] != 0 || reservation != 0) && !Reserved(state, reservation))
        {
            return Answer.Error(CompletionCode.ReservationCancelled);
        }

        return Find(state, BinaryPrimitives.ReadUInt16LittleEndian(data[2..])) is { } entry
            ? SdrCommands.Part(entry, state.Log.After(BinaryPrimitives.ReadUInt16LittleEndian(entry)), data[4], data[5], state.Description.Device.LongestRead)
            : Answer.Error(CompletionCode.NotPresent);
    }

    private static byte[]? Find(BmcState state, ushort id)
    {
        IReadOnlyDictionary<ushort, byte[]> entries = state.Log.Entries;
        return id switch
        {
            0 => entries.Values.FirstOrDefault(),
            0xFFFF => entries.Values.LastOrDefault(),
            _ => entries.GetValueOrDefault(id),
        };
    }

    /// <summary>§31.6: the controller gives the id, and the time to records below E0h.</summary>
    private static IpmiResponse Add(BmcState state, IpmiRequest request)
    {
        byte[] entry = request.Data.ToArray();
        if (entry[2] < 0xE0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(3), state.Now);
        }

        if (state.Log.Add(entry.AsSpan(2)) is not { } id)
        {
            return Answer.Error(CompletionCode.OutOfSpace);
        }

        state.Log.Added = state.Now;
        return Answer.Ok((byte)id, (byte)(id >> 8));
    }

    private static IpmiResponse Delete(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if (!Reserved(state, BinaryPrimitives.ReadUInt16LittleEndian(data)))
        {
            return Answer.Error(CompletionCode.ReservationCancelled);
        }

        if (Find(state, BinaryPrimitives.ReadUInt16LittleEndian(data[2..])) is not { } entry)
        {
            return Answer.Error(CompletionCode.NotPresent);
        }

        state.Log.Remove(BinaryPrimitives.ReadUInt16LittleEndian(entry), state.Now);
        return Answer.Ok(entry[0], entry[1]);
    }

    private static IpmiResponse Clear(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if (!data.Slice(2, 3).SequenceEqual("CLR"u8) || data[5] is not (0x00 or 0xAA))
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        if (data[5] == 0xAA)
        {
            if (!Reserved(state, BinaryPrimitives.ReadUInt16LittleEndian(data)))
            {
                return Answer.Error(CompletionCode.ReservationCancelled);
            }

            state.Log.Clear(state.Now);
        }

        return Answer.Ok(0x01);
    }

    private static bool Reserved(BmcState state, ushort reservation) => reservation != 0 && reservation == state.Log.Reservation;
}
