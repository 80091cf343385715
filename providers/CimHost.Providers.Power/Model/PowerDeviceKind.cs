namespace CimHost.Providers.Power.Model;

/// <summary>What a power device is; it decides the class of its instance.</summary>
internal enum PowerDeviceKind
{
    /// <summary>An uninterruptible power supply, with a battery of its own.</summary>
    Ups,

    /// <summary>A battery by itself, as in a portable computer.</summary>
    Battery,

    /// <summary>A mains or USB adapter.</summary>
    Adapter,

    /// <summary>A part of a processor or of the system whose power is metered; it has sensors only.</summary>
    Zone,
}
