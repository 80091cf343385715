using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>What of a request says which sensor, FRU device or record it is about.</summary>
internal enum CommandSubject
{
    None,
    Sensor,
    Fru,
    Record,
}

/// <summary>One command that the controller knows.</summary>
/// <param name="Name">Name as the specification spells it, without spaces.</param>
/// <param name="NetFn">Network function of the request.</param>
/// <param name="Code">Command code.</param>
/// <param name="Shortest">Fewest bytes of request data.</param>
/// <param name="Longest">Most bytes of request data.</param>
/// <param name="Run">Makes the answer; called with the lock of the controller held and a request of a right length.</param>
/// <param name="Subject">What the request is about.</param>
internal sealed record BmcCommand(
    string Name, byte NetFn, byte Code, int Shortest, int Longest, Func<BmcState, IpmiRequest, IpmiResponse> Run, CommandSubject Subject = CommandSubject.None);
