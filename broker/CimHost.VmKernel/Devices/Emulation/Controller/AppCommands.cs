using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Application commands (IPMI 2.0 §20, §22).</summary>
internal static class AppCommands
{
    private const byte NetFn = 0x06;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetDeviceId", NetFn, 0x01, 0, 0, (s, _) => Answer.Ok(s.Description.Device.DeviceId)),
        new("GetSelfTestResults", NetFn, 0x04, 0, 0, (s, _) => Answer.Ok(s.Description.Device.SelfTest)),
        new("GetAcpiPowerState", NetFn, 0x07, 0, 0, (s, _) => Answer.Ok(s.Chassis.AcpiState)),
        new("GetDeviceGuid", NetFn, 0x08, 0, 0, (s, _) => Answer.Ok(s.Description.Device.Guid)),
        new("GetBmcGlobalEnables", NetFn, 0x2F, 0, 0, (_, _) => Answer.Ok(0x08)),
        new("GetSystemGuid", NetFn, 0x37, 0, 0, (s, _) => Answer.Ok(s.Description.Device.Guid)),
        new("GetChannelAccess", NetFn, 0x41, 2, 2, ChannelAccess),
        new("GetChannelInfo", NetFn, 0x42, 1, 1, ChannelInfo),
        new("SetSystemInfoParameters", NetFn, 0x58, 1, 19, SetSystemInfo),
        new("GetSystemInfoParameters", NetFn, 0x59, 4, 4, SystemInfo),
    ];

    /// <summary>§22.23: always available, authentication per message on.</summary>
    private static IpmiResponse ChannelAccess(BmcState state, IpmiRequest request)
    {
        byte channel = (byte)(request.Data.Span[0] & 0x0F);
        return channel == state.Description.Device.Channel || channel == 0x0E ? Answer.Ok(0x22, 0x04) : Answer.Error(CompletionCode.InvalidField);
    }

    /// <summary>§22.24: the LAN channel (802.3, multi-session) and the system interface (0Fh).</summary>
    private static IpmiResponse ChannelInfo(BmcState state, IpmiRequest request)
    {
        byte lan = state.Description.Device.Channel;
        byte channel = (byte)(request.Data.Span[0] & 0x0F);
        return channel switch
        {
            0x0F => Answer.Ok(0x0F, 0x0C, 0x05, 0x00, 0xF2, 0x1B, 0x00, 0xFF, 0xFF),
            0x0E => Answer.Ok(lan, 0x04, 0x01, 0x80, 0xF2, 0x1B, 0x00, 0x00, 0x00),
            _ when channel == lan => Answer.Ok(lan, 0x04, 0x01, 0x80, 0xF2, 0x1B, 0x00, 0x00, 0x00),
            _ => Answer.Error(CompletionCode.InvalidField),
        };
    }

    /// <summary>§22.14b: texts in blocks of 16 bytes, the first led by encoding and length.</summary>
    private static IpmiResponse SystemInfo(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if (data[1] != 0 && !state.SystemInfo.ContainsKey(data[1]))
        {
            return Answer.Error(CompletionCode.ParameterNotSupported);
        }

        if ((data[0] & 0x80) != 0)
        {
            return Answer.Ok(0x11);
        }

        if (data[1] == 0)
        {
            return Answer.Ok(0x11, 0x00);
        }

        byte[] text = Encoding.UTF8.GetBytes(state.SystemInfo[data[1]]);
        text = text.Length > 255 ? text[..255] : text;
        bool ascii = text.All(b => b < 0x80);
        byte[] whole = [(byte)(ascii ? 0 : 1), (byte)text.Length, .. text];
        int at = 16 * data[2];
        if (at >= whole.Length)
        {
            return Answer.Error(CompletionCode.OutOfRange);
        }

        byte[] block = new byte[18];
        (block[0], block[1]) = (0x11, data[2]);
        whole.AsSpan(at, Math.Min(16, whole.Length - at)).CopyTo(block.AsSpan(2));
        return Answer.Ok(block);
    }

    /// <summary>§22.14a: a text that fits the first block (14 bytes) may be set; it holds until a file of the machine changes.</summary>
    private static IpmiResponse SetSystemInfo(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        if (data[0] == 0)
        {
            return data.Length == 2 ? Answer.Ok() : Answer.Error(CompletionCode.LengthInvalid);
        }

        if (data[0] is not (2 or 3 or 4))
        {
            return Answer.Error(CompletionCode.ParameterNotSupported);
        }

        if (data.Length < 4)
        {
            return Answer.Error(CompletionCode.LengthInvalid);
        }

        if (data[1] != 0 || data[2] > 1 || data[3] > Math.Min(14, data.Length - 4))
        {
            return Answer.Error(CompletionCode.OutOfRange);
        }

        state.SystemInfo[data[0]] = Encoding.UTF8.GetString(data.Slice(4, data[3]));
        return Answer.Ok();
    }
}
