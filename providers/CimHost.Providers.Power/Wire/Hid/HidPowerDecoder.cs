using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>Makes a reading of a device's reports. Where a value is in a feature and in an input report, the feature report is asked for and so newer.</summary>
internal sealed class HidPowerDecoder
{
    private readonly HidPowerMap _map;
    private readonly IReadOnlyDictionary<(HidReportType, byte), HidReportResult> _reports;
    private readonly HidFacts _facts;

    private HidPowerDecoder(HidPowerMap map, IReadOnlyDictionary<(HidReportType, byte), HidReportResult> reports)
    {
        _map = map;
        _reports = reports;
        _facts = HidFacts.Read(map, TryRaw);
    }

    /// <summary>Decodes what was read; reports that are not in the table count as not asked for.</summary>
    public static PowerReading Decode(HidPowerMap map, HidIdentity identity, IReadOnlyDictionary<(HidReportType, byte), HidReportResult> reports, DateTimeOffset time)
    {
        var decoder = new HidPowerDecoder(map, reports);
        (PowerFlags known, PowerFlags raised) = decoder.Flags();
        bool any = reports.Values.Any(r => r.State == ReadingState.Ok);
        HidReportResult failed = reports.Values.FirstOrDefault(r => r.State != ReadingState.Ok);
        return new PowerReading
        {
            State = any ? ReadingState.Ok : reports.Count > 0 ? failed.State : ReadingState.Unavailable,
            Reason = any ? null : failed.Reason ?? "the device was not asked yet",
            Time = time,
            Manufacturer = Text(identity.Manufacturer),
            Model = Text(identity.Product),
            SerialNumber = Text(identity.SerialNumber),
            Known = known,
            Raised = raised,
            Measurements = decoder.Measurements(),
            Battery = decoder._facts.Battery,
            RatedPower = decoder._facts.RatedPower,
            RatedApparentPower = decoder._facts.RatedApparentPower,
        };
    }

    private static string? Text(string text) => text.Length == 0 ? null : text;

    private bool TryRaw(HidField field, out long raw)
    {
        raw = 0;
        return _reports.TryGetValue((field.ReportType, field.ReportId), out HidReportResult result)
            && result.State == ReadingState.Ok
            && field.TryRead(result.Data.Span, out raw);
    }

    private (PowerFlags Known, PowerFlags Raised) Flags()
    {
        (PowerFlags known, PowerFlags raised) = FlagsOf(HidReportType.Feature);
        (PowerFlags knownByInput, PowerFlags raisedByInput) = FlagsOf(HidReportType.Input);
        raised |= raisedByInput & ~known;
        known |= knownByInput;
        if ((known & PowerFlags.AcPresent) == 0)
        {
            foreach (HidField field in _map.PowerFail)
            {
                if (TryRaw(field, out long raw))
                {
                    known |= PowerFlags.AcPresent;
                    raised |= raw == 0 ? PowerFlags.AcPresent : PowerFlags.None;
                    break;
                }
            }
        }

        return (known, raised);
    }

    // A device with several inputs, batteries or outlets has a flag once for each: raised in one, it is raised.
    private (PowerFlags Known, PowerFlags Raised) FlagsOf(HidReportType type)
    {
        PowerFlags known = PowerFlags.None;
        PowerFlags raised = PowerFlags.None;
        foreach ((HidField field, PowerFlags flag) in _map.Flags)
        {
            if (field.ReportType == type && TryRaw(field, out long raw))
            {
                known |= flag;
                raised |= raw != 0 ? flag : PowerFlags.None;
            }
        }

        foreach (HidField field in _map.Selectors)
        {
            if (field.ReportType == type && TryRaw(field, out long raw))
            {
                foreach (uint usage in field.Selects)
                {
                    known |= HidPowerMap.FlagOf(usage);
                }

                long index = raw - field.LogicalMinimum;
                raised |= index >= 0 && index < field.Selects.Count ? HidPowerMap.FlagOf(field.Selects[(int)index]) : PowerFlags.None;
            }
        }

        return (known, raised);
    }

    private List<Measurement> Measurements()
    {
        var measurements = new List<Measurement>();
        foreach (var group in _map.Measures.GroupBy(m => (m.Name, m.Quantity)))
        {
            var measurement = new Measurement(group.Key.Name, group.Key.Quantity);
            foreach ((HidField field, _, PowerQuantity quantity) in group.OrderByDescending(m => m.Field.ReportType))
            {
                measurement = Measure(measurement, field, quantity);
                if (measurement.State == ReadingState.Ok)
                {
                    break;
                }
            }

            measurements.Add(_facts.WithLimits(measurement));
        }

        if (_facts.Charge(Explain) is { } charge)
        {
            measurements.Add(_facts.WithLimits(charge));
        }

        return [.. measurements.OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    private Measurement Measure(Measurement measurement, HidField field, PowerQuantity quantity)
    {
        if (!TryRaw(field, out long raw))
        {
            (ReadingState state, string reason) = Explain(field);
            return measurement.Without(state, reason);
        }

        return HidValues.TryConvert(field, raw, quantity, out double value, out string? problem)
            ? measurement.With(value)
            : measurement.Without(ReadingState.Unavailable, $"{measurement.Name} {problem}");
    }

    private (ReadingState State, string Reason) Explain(HidField field)
    {
        string name = $"{(field.ReportType == HidReportType.Feature ? "feature" : "input")} report {field.ReportId}";
        if (!_reports.TryGetValue((field.ReportType, field.ReportId), out HidReportResult result))
        {
            return (ReadingState.Unavailable, $"{name} was not asked for");
        }

        return result.State == ReadingState.Ok
            ? (ReadingState.Unavailable, $"{name} is too short: it has {result.Data.Length} bytes")
            : (result.State, result.Reason ?? $"{name} could not be read");
    }
}
