using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>LAN commands (IPMI 2.0 §23).</summary>
internal static class LanCommands
{
    public static IReadOnlyList<BmcCommand> All { get; } = [new("GetLanConfigurationParameters", 0x0C, 0x02, 4, 4, Parameters)];

    private static IpmiResponse Parameters(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        int channel = data[0] & 0x0F;
        if (channel != state.Description.Device.Channel && channel != 0x0E)
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        if (!state.Description.Device.Lan.TryGetValue(data[1], out byte[]? value))
        {
            return Answer.Error(CompletionCode.ParameterNotSupported);
        }

        return (data[0] & 0x80) != 0 ? Answer.Ok(0x11) : Answer.Ok([0x11, .. value]);
    }
}
