using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Commands of the group extension DCMI (DCMI 1.5 §6). A controller without DCMI does not know them.</summary>
internal static class DcmiCommands
{
    private const byte NetFn = 0x2C;
    private const byte Group = 0xDC;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        Of("GetDcmiCapabilities", 0x01, 2, (_, r) => Capabilities(r.Data.Span[1])),
        Of("GetPowerReading", 0x02, 4, PowerReading),
    ];

    // The first byte says which group the command is of; only then its length means something.
    private static BmcCommand Of(string name, byte code, int length, Func<BmcState, IpmiRequest, IpmiResponse> run) => new(
        name,
        NetFn,
        code,
        0,
        byte.MaxValue,
        (state, request) => state.Description.Device.Dcmi is null || request.Data.IsEmpty || request.Data.Span[0] != Group ? Answer.Error(CompletionCode.InvalidCommand)
            : request.Data.Length != length ? Answer.Error(CompletionCode.LengthInvalid)
            : run(state, request));

    /// <summary>§6.1.1: version 1.5, revision 2; power management is there, by an in-band and a LAN channel.</summary>
    private static IpmiResponse Capabilities(byte parameter) => parameter switch
    {
        1 => Answer.Ok(Group, 0x01, 0x05, 0x02, 0x00, 0x01, 0x05),
        _ => Answer.Error(CompletionCode.ParameterNotSupported),
    };

    /// <summary>§6.6.1: mode 1, the power of the system; nothing is measured while the machine is off.</summary>
    private static IpmiResponse PowerReading(BmcState state, IpmiRequest request)
    {
        if (request.Data.Span[1] != 1)
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        PowerStatistics power = state.Power;
        byte[] answer = new byte[18];
        answer[0] = Group;
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(1), power.Current ?? 0);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(3), power.Least);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(5), power.Most);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(7), power.Average);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(9), state.Now);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(13), (uint)Math.Min(uint.MaxValue, state.Elapsed * 1000));
        answer[17] = (byte)(power.Current is null ? 0 : 0x40);
        return Answer.Ok(answer);
    }
}
