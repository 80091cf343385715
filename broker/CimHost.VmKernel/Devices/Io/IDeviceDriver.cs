namespace CimHost.VmKernel.Devices.Io;

/// <summary>
/// Finds devices of one kind and serves them. All members but <see cref="DetachAsync"/> are called one at a time and return at once: a
/// driver opens what it needs with the first request.
/// </summary>
internal interface IDeviceDriver
{
    /// <summary>Name of the driver, for people.</summary>
    string Name { get; }

    /// <summary>The devices that are there now, in the order in which they are to be listed.</summary>
    IReadOnlyList<FoundDevice> Probe();

    /// <summary>Takes a device over and returns its port (an <see cref="Sdk.Hardware.IIpmiPort"/>, an <see cref="Sdk.Hardware.IFileTree"/>, …).</summary>
    /// <exception cref="Sdk.Hardware.HardwareException">It cannot be served; the message says why.</exception>
    object Attach(FoundDevice device);

    /// <summary>Lets a device go: closes what <see cref="Attach"/> opened. Requests in flight fail.</summary>
    ValueTask DetachAsync(object port);
}
