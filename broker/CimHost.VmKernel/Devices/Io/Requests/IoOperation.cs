using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>A kind of request to a driver: how it is issued, and what the path may do with it. A port kind has one, usually.</summary>
/// <typeparam name="TRequest">What the driver is given.</typeparam>
/// <typeparam name="TResponse">What it answers.</typeparam>
internal abstract class IoOperation<TRequest, TResponse>
{
    /// <summary>Gives the request to the driver. The token is the abort: cancelled at the deadline, when the caller gives up, and at detach.</summary>
    public abstract ValueTask<TResponse> IssueAsync(TRequest request, CancellationToken abort);

    /// <summary>Bytes that went to the device and came from it; 0 when that is not known.</summary>
    public virtual long CountBytes(in TRequest request, in TResponse response) => 0;

    /// <summary>
    /// True when the request may be given to the driver again after that fault: doing it twice does no harm, and the driver has not itself
    /// tried again already. Asked for transient faults only (no answer, an answer that breaks its format).
    /// </summary>
    public virtual bool MayRetry(in TRequest request, HardwareFault fault) => false;
}
