using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>What a controller behind the BMC answers: who it is, its sensors, their records (IPMI 2.0 §35.2–35.4), and its FRU inventory (§34), which cannot be written.</summary>
internal static class SatelliteCommands
{
    private const byte App = 0x06;
    private const byte Storage = 0x0A;

    /// <summary>Runs a request for the controller at the request's target; null when there is none.</summary>
    public static IpmiResponse? Run(BmcState state, IpmiRequest request)
    {
        if (state.Description.Satellites.FirstOrDefault(s => s.Address == request.Target && s.Channel == request.Channel) is not { } satellite)
        {
            return null;
        }

        return (request.NetFn, request.Command) switch
        {
            (App, 0x01) => request.Data.IsEmpty ? Answer.Ok(satellite.DeviceId) : Answer.Error(CompletionCode.LengthInvalid),
            (App, 0x04) => Answer.Ok(0x55, 0x00),
            (Storage, 0x10) when satellite.Fru is not null => request.Data.Length == 1 ? FruCommands.Info(Fru(satellite, request)) : Answer.Error(CompletionCode.LengthInvalid),
            (Storage, 0x11) when satellite.Fru is not null => request.Data.Length == 4 ? FruCommands.Read(Fru(satellite, request), request.Data.Span, state.Description.Device.LongestRead) : Answer.Error(CompletionCode.LengthInvalid),
            (SensorCommands.NetFn, 0x21) => request.Data.Length == 6 ? Record(state, satellite, request.Data.Span) : Answer.Error(CompletionCode.LengthInvalid),
            (SensorCommands.NetFn, 0x22) => Reserve(state.DeviceSdrs(satellite.Address)),
            (SensorCommands.NetFn, _) when BmcCommands.Find(request) is { Subject: CommandSubject.Sensor } or { Code: 0x20 } => BmcCommands.RunKnown(state, request),
            _ => Answer.Error(CompletionCode.InvalidCommand),
        };
    }

    private static (FruDescription, byte[])? Fru(SatelliteDescription satellite, IpmiRequest request) =>
        satellite.Fru is { } fru && request.Data.Span[0] == fru.Device ? (fru, fru.Image) : null;

    private static IpmiResponse Reserve(SdrRepository records)
    {
        ushort id = records.Reserve();
        return Answer.Ok((byte)id, (byte)(id >> 8));
    }

    private static IpmiResponse Record(BmcState state, SatelliteDescription satellite, ReadOnlySpan<byte> data) =>
        SdrCommands.Read(state.DeviceSdrs(satellite.Address), data, state.Description.Device.LongestRead);
}
