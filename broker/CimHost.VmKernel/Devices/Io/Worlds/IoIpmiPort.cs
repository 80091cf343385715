using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Devices.Ipmi;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>A management controller as one world has it.</summary>
internal sealed class IoIpmiPort(IIpmiPort port, IoPath path, WorldLane lane) : IIpmiPort
{
    private readonly Command _command = new(port);

    public string Name => port.Name;

    public string Description => port.Description;

    public int Concurrency => path.Concurrency;

    public bool LeadsToThisComputer => port.LeadsToThisComputer;

    public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken) =>
        path.SubmitAsync(lane, _command, request, cancellationToken);

    private sealed class Command(IIpmiPort port) : IoOperation<IpmiRequest, IpmiResponse>
    {
        // NetFn and command; in the answer also the completion code.
        private const int HeaderLengths = 2 + 3;

        public override ValueTask<IpmiResponse> IssueAsync(IpmiRequest request, CancellationToken abort) => port.SendAsync(request, abort);

        public override long CountBytes(in IpmiRequest request, in IpmiResponse response) => HeaderLengths + request.Data.Length + response.Data.Length;

        // A command without an answer was already sent again by the driver, as far as that helps.
        public override bool MayRetry(in IpmiRequest request, HardwareFault fault) => fault == HardwareFault.Malformed && IpmiCommands.MayRepeat(request);
    }
}
