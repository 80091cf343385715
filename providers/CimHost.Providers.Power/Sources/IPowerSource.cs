using CimHost.Providers.Power.Model;

namespace CimHost.Providers.Power.Sources;

/// <summary>A power device, wherever it is read from.</summary>
internal interface IPowerSource
{
    /// <summary>Stable name of the device, its DeviceID; at most 40 characters, as names of sensors follow it.</summary>
    string Id { get; }

    /// <summary>What it is.</summary>
    PowerDeviceKind Kind { get; }

    /// <summary>Where it is read from, for people: "/dev/hidraw0", "upsd at 127.0.0.1:3493".</summary>
    string Origin { get; }

    /// <summary>The device as far as it is known without asking it: its measurements, without values.</summary>
    PowerReading Layout { get; }

    /// <summary>Looks at the device. A device that does not answer gives a reading that says so, no exception.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<PowerReading> ReadAsync(CancellationToken cancellationToken);
}
