using System.Collections.Frozen;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Every command of the controller, and what it says to those that it does not know.</summary>
internal static class BmcCommands
{
    private static readonly BmcCommand[] s_all =
    [
        .. ChassisCommands.All, .. SensorCommands.All, .. AppCommands.All, .. FruCommands.All, .. SdrCommands.All, .. SelCommands.All, .. LanCommands.All,
        .. WatchdogCommands.All, .. EventCommands.All, .. DcmiCommands.All,
    ];

    private static readonly FrozenDictionary<(byte NetFn, byte Code), BmcCommand> s_byCode = s_all.ToFrozenDictionary(c => (c.NetFn, c.Code));

    public static IEnumerable<string> Names => s_all.Select(c => c.Name);

    public static bool Known(string name) => s_all.Any(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    public static BmcCommand? Find(IpmiRequest request) => s_byCode.GetValueOrDefault((request.NetFn, request.Command));

    /// <summary>Runs a request. Sensors live on every LUN, all else on LUN 0.</summary>
    public static IpmiResponse Run(BmcState state, IpmiRequest request)
    {
        if (Find(request) is not { } command)
        {
            return Answer.Error(CompletionCode.InvalidCommand);
        }

        return RunKnown(state, request, command);
    }

    /// <summary>Runs a request whose command there is.</summary>
    public static IpmiResponse RunKnown(BmcState state, IpmiRequest request) => RunKnown(state, request, Find(request)!);

    private static IpmiResponse RunKnown(BmcState state, IpmiRequest request, BmcCommand command)
    {
        if (request.Lun != 0 && command.NetFn != SensorCommands.NetFn)
        {
            return Answer.Error(CompletionCode.InvalidForLun);
        }

        return request.Data.Length >= command.Shortest && request.Data.Length <= command.Longest ? command.Run(state, request) : Answer.Error(CompletionCode.LengthInvalid);
    }
}
