using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Reads devices of one kind.</summary>
internal interface IDiskReader
{
    /// <summary>Reads all that a device says of itself now.</summary>
    /// <param name="commands">The device.</param>
    /// <param name="identity">What it is.</param>
    /// <param name="wake">Read it even when it sleeps.</param>
    /// <param name="time">The time to note.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The sample; without values, state Asleep, when the device sleeps and was left alone.</returns>
    /// <exception cref="HardwareException">The device does not answer.</exception>
    ValueTask<DiskSample> SampleAsync(DiskCommands commands, DiskIdentity identity, bool wake, DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Starts a self-test.</summary>
    ValueTask StartSelfTestAsync(DiskCommands commands, DiskIdentity identity, SelfTestKind kind, CancellationToken cancellationToken);

    /// <summary>Ends the self-test that runs.</summary>
    ValueTask AbortSelfTestAsync(DiskCommands commands, DiskIdentity identity, CancellationToken cancellationToken);
}
