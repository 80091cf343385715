using CimHost.VmKernel.Devices.Capture.Recording;

namespace CimHost.VmKernel.Devices;

/// <summary>Which hardware the host has.</summary>
public sealed record HardwareOptions
{
    /// <summary>Where <c>/sys</c>, <c>/proc</c> and <c>/dev</c> are looked up.</summary>
    public string SystemRoot { get; init; } = "/";

    /// <summary>An emulated machine in place of this computer; null for this computer. Its owner closes it, after the hardware.</summary>
    public IMachine? Machine { get; init; }

    /// <summary>BMCs over the network, in the order in which their ports are listed.</summary>
    public IReadOnlyList<RemoteBmc> RemoteBmcs { get; init; } = [];

    /// <summary>Writes down what goes through the ports; null: nobody does.</summary>
    public HardwareRecorder? Recorder { get; init; }
}
