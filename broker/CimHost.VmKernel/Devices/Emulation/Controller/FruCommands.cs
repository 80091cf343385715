using System.Buffers.Binary;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>FRU commands (IPMI 2.0 §34). What is written holds until the file of that FRU changes.</summary>
internal static class FruCommands
{
    private const byte NetFn = 0x0A;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetFruInventoryAreaInfo", NetFn, 0x10, 1, 1, Info, CommandSubject.Fru),
        new("ReadFruData", NetFn, 0x11, 4, 4, Read, CommandSubject.Fru),
        new("WriteFruData", NetFn, 0x12, 4, 255, Write, CommandSubject.Fru),
    ];

    private static IpmiResponse Info(BmcState state, IpmiRequest request) => Info(state.Fru(request.Data.Span[0]));

    private static IpmiResponse Read(BmcState state, IpmiRequest request) => Read(state.Fru(request.Data.Span[0]), request.Data.Span, state.Description.Device.LongestRead);

    /// <summary>Get FRU Inventory Area Info of a device; null when there is none.</summary>
    public static IpmiResponse Info((FruDescription Description, byte[] Image)? device)
    {
        if (device is not { } fru)
        {
            return Answer.Error(CompletionCode.NotPresent);
        }

        return Answer.Ok((byte)fru.Image.Length, (byte)(fru.Image.Length >> 8), (byte)(fru.Description.WordAccess ? 1 : 0));
    }

    /// <summary>Read FRU Data of a device; null when there is none.</summary>
    public static IpmiResponse Read((FruDescription Description, byte[] Image)? device, ReadOnlySpan<byte> data, int longest)
    {
        if (device is not { } fru)
        {
            return Answer.Error(CompletionCode.NotPresent);
        }

        int scale = fru.Description.WordAccess ? 2 : 1;
        int at = BinaryPrimitives.ReadUInt16LittleEndian(data[1..]) * scale;
        int count = data[3] * scale;
        if (at >= fru.Image.Length || count == 0)
        {
            return Answer.Error(CompletionCode.OutOfRange);
        }

        if (count > longest)
        {
            return Answer.Error(CompletionCode.CannotReturnCount);
        }

        count = Math.Min(count, fru.Image.Length - at);
        return Answer.Ok([(byte)(count / scale), .. fru.Image.AsSpan(at, count)]);
    }

    private static IpmiResponse Write(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if (state.Fru(data[0]) is not { } fru)
        {
            return Answer.Error(CompletionCode.NotPresent);
        }

        int scale = fru.Description.WordAccess ? 2 : 1;
        int at = BinaryPrimitives.ReadUInt16LittleEndian(data[1..]) * scale;
        ReadOnlySpan<byte> bytes = data[3..];
        if (at + bytes.Length > fru.Image.Length || bytes.Length % scale != 0)
        {
            return Answer.Error(CompletionCode.OutOfRange);
        }

        bytes.CopyTo(fru.Image.AsSpan(at));
        return Answer.Ok((byte)(bytes.Length / scale));
    }
}
