namespace CimHost.Sdk.Hardware;

/// <summary>
/// A management controller that takes IPMI commands, whatever lies between: the Linux driver, a LAN session or an emulated machine.
/// Every implementation carries the same bytes, so that one decoder serves them all.
/// </summary>
public interface IIpmiPort
{
    /// <summary>Stable name: the configured name of a remote BMC, else the name of the local interface ("ipmi0").</summary>
    string Name { get; }

    /// <summary>What the port is attached to, for people: "RMCP+ 192.0.2.1:623", "/dev/ipmi0".</summary>
    string Description { get; }

    /// <summary>How many commands are worth having in flight at once; a sweep over sensors keeps to it. At least 1.</summary>
    int Concurrency { get; }

    /// <summary>
    /// True when the controller is that of the computer on which the host itself runs: switching its power ends the host. Not known, and false,
    /// for a controller that is reached over the network.
    /// </summary>
    bool LeadsToThisComputer => false;

    /// <summary>
    /// Sends one command and returns its answer. Safe to call from many threads at once; the port orders and bounds what is in flight.
    /// A completion code other than 00h is an answer, not an error. A request with a target is bridged to the controller of that address.
    /// </summary>
    /// <exception cref="HardwareException">No answer in time, no session, no such interface, or an answer that breaks the protocol.</exception>
    ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken);
}
