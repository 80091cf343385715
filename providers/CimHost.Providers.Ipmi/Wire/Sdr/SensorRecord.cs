using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>What full, compact and event-only records tell alike: which sensor, on which entity, of which type.</summary>
internal abstract record SensorRecord(SdrHeader Header) : SdrRecord(Header)
{
    /// <summary>[7:1] I2C slave address or software id, [0] 1 for software.</summary>
    public required byte OwnerId { get; init; }

    /// <summary>Channel of the owner, 0–15.</summary>
    public required byte Channel { get; init; }

    /// <summary>Logical unit of the owner, 0–3.</summary>
    public required byte Lun { get; init; }

    public required byte Number { get; init; }

    public required byte EntityId { get; init; }

    /// <summary>Instance 0–127; 60h–7Fh are relative to the controller.</summary>
    public required byte EntityInstance { get; init; }

    /// <summary>True when the entity is a logical container of others.</summary>
    public required bool IsLogicalEntity { get; init; }

    public required byte SensorType { get; init; }

    public required byte EventReadingType { get; init; }

    public required string IdString { get; init; }

    /// <summary>True for threshold sensors.</summary>
    public bool IsThreshold => EventReadingType == SensorStates.ThresholdType;

    /// <summary>Number of sensors that the record stands for.</summary>
    public virtual int ShareCount => 1;
}
