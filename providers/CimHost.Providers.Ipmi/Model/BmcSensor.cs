using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>One sensor: a sensor record, or one of the sensors that a shared record stands for.</summary>
internal sealed class BmcSensor
{
    /// <summary>The controller that a port leads to (IPMI 2.0 §5.3: the BMC's address on the IPMB).</summary>
    public const byte BmcAddress = 0x20;

    public BmcSensor(SensorRecord record, int index, string portName)
    {
        RecordSharing? sharing = record switch { CompactSensorRecord c => c.Sharing, EventOnlyRecord e => e.Sharing, _ => null };
        Record = record;
        Number = (byte)(record.Number + index);
        Entity = new Entity(record.EntityId, (byte)(record.EntityInstance + (sharing is { EntityIncrements: true } ? index : 0)));
        IdString = string.IsNullOrWhiteSpace(record.IdString) ? $"{SensorTypes.Name(record.SensorType)} {Number:X2}h" : (record.IdString + sharing?.Suffix(index)).Trim();
        ElementName = EntityNames.Name(Entity, IdString);
        DeviceId = $"{portName}:{record.OwnerId:X2}.{record.Lun}.{Number:X2}" + (record.Channel == 0 ? string.Empty : $"@{record.Channel}");
        Kind = record switch
        {
            EventOnlyRecord => SensorKind.EventOnly,
            FullSensorRecord full when full.Units.Format != AnalogFormat.None && (full.IsThreshold || full.Units.Base != 0 || full.Units.IsPercentage) => SensorKind.Numeric,
            _ => SensorKind.Discrete,
        };
    }

    public SensorRecord Record { get; }

    public byte Number { get; }

    public Entity Entity { get; }

    /// <summary>The id string of the record, with its share's suffix: the name that IPMI tools show.</summary>
    public string IdString { get; }

    /// <summary>Name for people: the entity and the id string.</summary>
    public string ElementName { get; }

    /// <summary>Port, owner, logical unit and number; stays the same when records are rewritten.</summary>
    public string DeviceId { get; }

    public SensorKind Kind { get; }

    public byte SensorType => Record.SensorType;

    public byte EventReadingType => Record.EventReadingType;

    /// <summary>The full record of a numeric sensor.</summary>
    public FullSensorRecord? Full => Record as FullSensorRecord;

    public SensorUnits Units => Record switch { FullSensorRecord f => f.Units, CompactSensorRecord c => c.Units, _ => default };

    public SensorMasks Masks => Record switch { FullSensorRecord f => f.Masks, CompactSensorRecord c => c.Masks, _ => default };

    public SensorCapabilities Capabilities => Record switch { FullSensorRecord f => f.Capabilities, CompactSensorRecord c => c.Capabilities, _ => default };

    /// <summary>Offsets of the states that the sensor can assert: those its record tells, else those its type has.</summary>
    public IEnumerable<int> StateOffsets
    {
        get
        {
            if (Record.IsThreshold)
            {
                int supported = Masks.ReadableThresholds | Masks.EventThresholds;
                return Enumerable.Range(0, 6).Where(o => (supported & (1 << o)) != 0);
            }

            int mask = Masks.Reading & 0x7FFF;
            return Enumerable.Range(0, SensorStates.Count).Where(o => (mask & (1 << o)) != 0);
        }
    }

    /// <summary>Why the port cannot read the sensor; null when it can.</summary>
    public string? UnreadableReason => Kind == SensorKind.EventOnly ? "the sensor sends events and cannot be read"
        : (Record.OwnerId & 0x01) != 0 ? $"the sensor belongs to system software {Record.OwnerId:X2}h, not to a controller"
        : Record.OwnerId == 0 || (Record.OwnerId == BmcAddress && Record.Channel != 0) ? $"the sensor belongs to the controller at {Record.OwnerId:X2}h on channel {Record.Channel}, which cannot be addressed"
        : null;

    /// <summary>True when the sensor belongs to a controller behind the one that the port leads to.</summary>
    public bool IsBridged => Record.OwnerId != BmcAddress;

    /// <summary>A command about the sensor, addressed to the controller that has it.</summary>
    public IpmiRequest ToOwner(IpmiRequest request) => IsBridged ? request with { Target = Record.OwnerId, Channel = Record.Channel } : request;

    /// <summary>The state of an offset.</summary>
    public SensorState State(int offset) => SensorStates.Find(EventReadingType, SensorType, offset);

    /// <summary>True when the sensor tells whether its entity is there, and which of its states says so.</summary>
    public bool TellsPresence(out int offset, out bool presentWhenAsserted)
    {
        (offset, presentWhenAsserted) = (EventReadingType, SensorType) switch
        {
            (0x08, _) => (1, true),
            (SensorStates.SensorSpecificType, SensorTypes.EntityPresence) => (1, false),
            (SensorStates.SensorSpecificType, SensorTypes.PowerSupply) => (0, true),
            (SensorStates.SensorSpecificType, SensorTypes.Processor) => (7, true),
            (SensorStates.SensorSpecificType, SensorTypes.DriveSlot) => (0, true),
            (SensorStates.SensorSpecificType, SensorTypes.Battery) => (2, true),
            _ => (-1, false),
        };
        return offset >= 0 && (Masks.Reading & (1 << offset)) != 0;
    }
}
