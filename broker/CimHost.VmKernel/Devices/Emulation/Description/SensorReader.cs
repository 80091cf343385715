namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Reads one sensor of bmc/sensors.json.</summary>
internal static class SensorReader
{
    private static readonly Dictionary<string, byte> s_records = new(StringComparer.Ordinal) { ["full"] = 1, ["compact"] = 2, ["eventOnly"] = 3 };

    // Air inlet, management module, battery: what measures there needs no main power.
    private static readonly byte[] s_standby = [0x37, 0x06, 0x28];

    public static SensorDescription Read(MachineNode node)
    {
        byte readingType = node.Optional("reading")?.AsName(IpmiNames.ReadingTypes, 0x7F) ?? 1;
        var record = (SensorRecordKind)(node.Optional("record") is { } r ? r.AsName(s_records, 3) : readingType == 1 ? (byte)1 : (byte)2);
        if (record is 0)
        {
            throw node.Required("record").Expected("full, compact or eventOnly");
        }

        bool analog = readingType == 1 && record == SensorRecordKind.Full;
        if (readingType == 1 && !analog)
        {
            throw node.Wrong("a threshold sensor needs a full record; expected \"record\": \"full\" or another \"reading\".");
        }

        SensorDescription sensor = Identity(node, record, readingType);
        sensor = analog || node.Has("unit") ? Analog(node, sensor) : sensor;
        sensor = readingType == 1 ? sensor : Discrete(node, sensor);
        sensor = sensor with { Standby = node.Optional("standby")?.AsBoolean() ?? (sensor.Factors is null || s_standby.Contains(sensor.Entity.Id)) };
        node.End();
        return sensor;
    }

    private static SensorDescription Identity(MachineNode node, SensorRecordKind record, byte readingType)
    {
        MachineNode name = node.Required("name");
        byte[] field = TypeLengthField.Read(name, 16);
        bool scanning = node.Optional("scanning")?.AsBoolean() ?? true;
        return new SensorDescription
        {
            Name = (name.Kind == MachineNodeKind.Object ? name.Required("text") : name).AsText(),
            NameField = field,
            Number = node.Required("number").AsByte(0, 254),
            Lun = node.Optional("lun")?.AsByte(0, 3) ?? 0,
            Record = record,
            Entity = EntityReference.Read(node.Required("entity")),
            Type = node.Required("type").AsName(IpmiNames.SensorTypes),
            ReadingType = readingType,
            Unit = (0, 0, 0),
            EventsEnabled = node.Optional("events")?.AsBoolean() ?? true,
            Scanning = scanning,
            Available = node.Optional("available")?.AsBoolean() ?? scanning,
            Present = node.Optional("present")?.AsBoolean() ?? true,
            Oem = node.Optional("oem")?.AsByte() ?? 0,
            Sharing = record == SensorRecordKind.Full ? ((byte)1, (byte)0, false) : Sharing(node),
        };
    }

    private static (byte Count, byte NameOffset, bool EntityShared) Sharing(MachineNode node)
    {
        if (node.Optional("share") is not { } share)
        {
            return (1, 0, false);
        }

        (byte, byte, bool) sharing = (share.Required("count").AsByte(1, 15), share.Optional("nameOffset")?.AsByte(0, 127) ?? 0, share.Optional("entityInstances")?.AsBoolean() ?? false);
        share.End();
        return sharing;
    }

    private static SensorDescription Analog(MachineNode node, SensorDescription sensor)
    {
        (byte, byte, byte) unit = Unit(node);
        SensorFactors factors = Factors(node);
        sensor = sensor with
        {
            Unit = unit,
            Factors = factors,
            Nominal = Raw(node.Optional("nominal"), factors),
            NormalMaximum = Raw(node.Optional("normalMaximum"), factors),
            NormalMinimum = Raw(node.Optional("normalMinimum"), factors),
            Hysteresis = Hysteresis(node, factors, out bool settableHysteresis),
            SettableHysteresis = settableHysteresis,
            Wave = Wave(node),
            Value = Value(node, factors, sensor.Available && sensor.Present),
        };
        if (sensor.IsThreshold)
        {
            byte?[] thresholds = Thresholds(node, factors);
            ushort events = (ushort)Enumerable.Range(0, 6).Where(i => thresholds[i] is not null).Sum(i => i < 3 ? 1 << (2 * i) : 2 << (2 * i));
            sensor = sensor with
            {
                Thresholds = thresholds,
                SettableThresholds = node.Optional("settableThresholds")?.AsBoolean() ?? true,
                AssertionEvents = (ushort)(node.Optional("assertionEvents")?.AsInteger(0, 0xFFF) ?? events),
                DeassertionEvents = (ushort)(node.Optional("deassertionEvents")?.AsInteger(0, 0xFFF) ?? events),
            };
        }

        return sensor;
    }

    private static (byte Flags, byte Base, byte Modifier) Unit(MachineNode node)
    {
        MachineNode unit = node.Required("unit");
        if (unit.Kind != MachineNodeKind.Object)
        {
            byte simple = unit.AsName(IpmiNames.Units);
            return ((byte)(unit.Text == "%" ? 1 : 0), simple, 0);
        }

        byte code = unit.Required("base").AsName(IpmiNames.Units);
        byte rate = unit.Optional("per")?.AsName(IpmiNames.Rates, 7) ?? 0;
        MachineNode? divided = unit.Optional("dividedBy");
        MachineNode? times = unit.Optional("times");
        if (divided is not null && times is not null)
        {
            throw unit.Wrong("both dividedBy and times found; expected one.");
        }

        byte modifier = (divided ?? times)?.AsName(IpmiNames.Units) ?? 0;
        int how = divided is not null ? 1 : times is not null ? 2 : 0;
        int percent = unit.Required("base").Text == "%" || (unit.Optional("percent")?.AsBoolean() ?? false) ? 1 : 0;
        unit.End();
        return ((byte)((rate << 3) | (how << 1) | percent), code, modifier);
    }

    private static SensorFactors Factors(MachineNode node)
    {
        byte format = node.Optional("format")?.AsName(IpmiNames.Formats, 2) ?? 0;
        byte linearization = node.Optional("linearization")?.AsName(IpmiNames.Linearizations, 0x7F) ?? 0;
        if (linearization is > 11 and not 0x70)
        {
            throw node.Required("linearization").Expected($"one of {string.Join(", ", IpmiNames.Linearizations.Keys)}");
        }

        SensorFactors factors;
        if (node.Optional("factors") is { } given)
        {
            factors = new SensorFactors(
                given.Required("m").AsInteger(-512, 511),
                given.Optional("b")?.AsInteger(-512, 511) ?? 0,
                given.Optional("bExponent")?.AsInteger(-8, 7) ?? 0,
                given.Optional("rExponent")?.AsInteger(-8, 7) ?? 0,
                linearization,
                format,
                0,
                0,
                0);
            given.End();
            _ = factors.M != 0 ? factors : throw given.Required("m").Expected("a multiplier other than 0");
        }
        else
        {
            MachineNode range = node.Required("range");
            factors = Range(range, format) with { Linearization = linearization };
        }

        double tolerance = node.Optional("tolerance")?.AsNumber(0) ?? 0;
        double counts = Math.Round(2 * tolerance / factors.Step);
        int accuracy = (int)Math.Round((node.Optional("accuracyPercent")?.AsNumber(0, 10) ?? 0) * 100);
        return counts <= 63
            ? factors with { Tolerance = (int)counts, Accuracy = Math.Min(accuracy, 1000) }
            : throw node.Required("tolerance").Expected($"at most {31.5 * factors.Step} (63 half counts)");
    }

    private static SensorFactors Range(MachineNode range, byte format)
    {
        double least = range.Required("min").AsNumber();
        double most = range.Required("max").AsNumber();
        double? resolution = range.Optional("resolution")?.AsNumber(1e-9);
        range.End();
        if (most <= least)
        {
            throw range.Required("max").Expected($"a number above min ({least})");
        }

        return SensorFactors.FromRange(least, most, resolution, format)
            ?? throw range.Wrong(
                $"no factors of one byte cover {least} to {most}{(resolution is null ? string.Empty : $" in steps of {resolution}")}; "
                + "expected at most 255 steps and a min that three digits and a power of ten express, or \"factors\".");
    }

    private static byte? Raw(MachineNode? node, SensorFactors factors)
    {
        if (node is null)
        {
            return null;
        }

        double count = factors.ToCount(node.AsNumber());
        return count >= factors.Least && count <= factors.Most ? factors.ToByte((int)count) : throw Outside(node, factors);
    }

    private static MachineFileException Outside(MachineNode node, SensorFactors factors)
    {
        double a = factors.ToValue(factors.Least);
        double b = factors.ToValue(factors.Most);
        return node.Expected($"a value that the sensor's factors can express, {Math.Min(a, b):G6} to {Math.Max(a, b):G6}");
    }

    private static double Value(MachineNode node, SensorFactors factors, bool needed)
    {
        if (node.Optional("raw") is { } raw)
        {
            return factors.ToValue(factors.FromByte(raw.AsByte()));
        }

        if (node.Optional("value") is { } value)
        {
            _ = Raw(value, factors);
            return value.AsNumber();
        }

        return needed ? throw node.Wrong("\"value\" is missing (or \"raw\", or \"available\": false).") : factors.ToValue(0);
    }

    private static byte?[] Thresholds(MachineNode node, SensorFactors factors)
    {
        var thresholds = new byte?[6];
        if (node.Optional("thresholds") is not { } list)
        {
            return thresholds;
        }

        for (int i = 0; i < 6; i++)
        {
            thresholds[i] = Raw(list.Optional(IpmiNames.Thresholds[i]), factors);
        }

        list.End();
        return thresholds;
    }

    private static (byte Positive, byte Negative) Hysteresis(MachineNode node, SensorFactors factors, out bool settable)
    {
        settable = false;
        if (node.Optional("hysteresis") is not { } hysteresis)
        {
            return (0, 0);
        }

        settable = hysteresis.Optional("settable")?.AsBoolean() ?? false;
        (byte, byte) counts = (Counts(hysteresis.Optional("positive"), factors), Counts(hysteresis.Optional("negative"), factors));
        hysteresis.End();
        return counts;
    }

    /// <summary>A hysteresis in counts; written in the unit of the sensor where the sensor is linear.</summary>
    private static byte Counts(MachineNode? node, SensorFactors factors)
    {
        double counts = Math.Round((node?.AsNumber(0) ?? 0) / (factors.IsLinear ? factors.Step : 1));
        return counts <= 254 ? (byte)counts : throw node!.Expected($"at most {254 * factors.Step:G6} (254 counts)");
    }

    private static SensorWave? Wave(MachineNode node)
    {
        if (node.Optional("wave") is not { } wave)
        {
            return null;
        }

        var read = new SensorWave(wave.Required("amplitude").AsNumber(0), wave.Required("periodSeconds").AsNumber(1, 1e6));
        wave.End();
        return read;
    }

    private static SensorDescription Discrete(MachineNode node, SensorDescription sensor)
    {
        ushort states = States(node.Optional("states"));
        ushort supported = node.Optional("supported") is { } list ? States(list) : (ushort)0x7FFF;
        if ((states & ~supported) != 0)
        {
            throw node.Required("states").Wrong("a state is asserted that \"supported\" does not list.");
        }

        return sensor with
        {
            States = states,
            SupportedStates = supported,
            AssertionEvents = node.Optional("assertionEvents") is { } assertion ? States(assertion) : supported,
            DeassertionEvents = node.Optional("deassertionEvents") is { } deassertion ? States(deassertion) : supported,
        };
    }

    private static ushort States(MachineNode? node) =>
        (ushort)(node?.AsList(15).Select(s => 1 << s.AsInteger(0, 14)).Distinct().Sum() ?? 0);
}
