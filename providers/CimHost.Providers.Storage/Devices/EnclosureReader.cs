using CimHost.Providers.Storage.Wire.Scsi;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Reads enclosures (SES).</summary>
internal sealed class EnclosureReader : IDiskReader
{
    private const byte Configuration = 0x01;
    private const byte Status = 0x02;
    private const byte Descriptors = 0x07;
    private const byte Additional = 0x0A;

    /// <inheritdoc/>
    public async ValueTask<DiskSample> SampleAsync(DiskCommands commands, DiskIdentity identity, bool wake, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var reads = new PageReads();
        SesConfiguration? configuration = await reads.TryAsync<SesConfiguration>(commands.ReadAsync(ScsiCdb.ReceiveDiagnostic(Configuration), cancellationToken), SesConfiguration.TryRead);
        if (configuration is null)
        {
            return new DiskSample { Time = time, Problems = reads.Problems, HealthReasons = ["The configuration of the enclosure could not be read."] };
        }

        ReadOnlyMemory<byte> names = await OrEmptyAsync(commands, Descriptors, cancellationToken), places = await OrEmptyAsync(commands, Additional, cancellationToken);
        IReadOnlyList<SesElement>? elements = await reads.TryAsync<IReadOnlyList<SesElement>>(
            commands.ReadAsync(ScsiCdb.ReceiveDiagnostic(Status), cancellationToken),
            (ReadOnlySpan<byte> data, out IReadOnlyList<SesElement>? value, out string? reason) =>
                SesElements.TryRead(configuration, data, names.Span, places.Span, out value, out reason));
        return ToSample(identity, elements, time, reads.Problems);
    }

    /// <inheritdoc/>
    public ValueTask StartSelfTestAsync(DiskCommands commands, DiskIdentity identity, SelfTestKind kind, CancellationToken cancellationToken) =>
        throw new HardwareException(HardwareFault.Unsupported, $"{commands.Port.Name} is an enclosure and has no self-tests.");

    /// <inheritdoc/>
    public ValueTask AbortSelfTestAsync(DiskCommands commands, DiskIdentity identity, CancellationToken cancellationToken) =>
        throw new HardwareException(HardwareFault.Unsupported, $"{commands.Port.Name} is an enclosure and has no self-tests.");

    /// <summary>What a status code means for health; null for what is not installed or tells nothing.</summary>
    public static DiskHealth? HealthOf(SesElement element) => element.Status switch
    {
        1 => element.PredictedFailure ? DiskHealth.PredictiveFailure : DiskHealth.Ok,
        2 or 4 => DiskHealth.Failed,
        3 => DiskHealth.Degraded,
        _ => null,
    };

    /// <summary>Name of an element: its own, else its type and number.</summary>
    public static string NameOf(SesElement element) => element.Name.Length > 0 ? element.Name : $"{TypeName(element)} {element.Index}";

    private static string TypeName(SesElement element) => element.Type switch
    {
        SesElement.DeviceSlot or SesElement.ArrayDeviceSlot => "Slot",
        SesElement.PowerSupply => "Power supply",
        SesElement.Cooling => "Fan",
        SesElement.Temperature => "Temperature",
        SesElement.Voltage => "Voltage",
        SesElement.Current => "Current",
        _ => $"Element {element.Type:X2}h",
    };

    private static DiskSample ToSample(DiskIdentity identity, IReadOnlyList<SesElement>? elements, DateTimeOffset time, IReadOnlyList<string> problems)
    {
        if (elements is null)
        {
            return new DiskSample { Time = time, Problems = problems, HealthReasons = ["The status of the enclosure could not be read."] };
        }

        List<(SesElement Element, DiskHealth Health)> known = [.. elements.Select(e => (e, HealthOf(e))).Where(p => p.Item2 is not null).Select(p => (p.e, p.Item2!.Value))];
        return new DiskSample
        {
            Time = time,
            Elements = elements,
            Problems = problems,
            Health = known.Count == 0 ? DiskHealth.Unknown : known.Max(p => p.Health),
            HealthReasons = [.. known.Where(p => p.Health > DiskHealth.Ok).OrderByDescending(p => p.Health).Select(p => $"{NameOf(p.Element)}: {p.Health}")],
            Sensors = [.. elements.Where(e => e.IsInstalled).Select(Sensor).OfType<DiskSensor>()],
            Firmware = [new FirmwareImage(0, identity.Firmware, true, true)],
        };
    }

    private static DiskSensor? Sensor(SesElement e)
    {
        string name = NameOf(e);
        DiskSensor? sensor = e.Type switch
        {
            SesElement.Temperature => new DiskSensor(Key("temperature"), DiskSensorKind.Temperature, name, e.Celsius, e.Celsius is null ? "The enclosure tells no temperature here." : null),
            SesElement.Cooling => new DiskSensor(Key("fan"), DiskSensorKind.Fan, name, e.Rpm),
            SesElement.Voltage => new DiskSensor(Key("voltage"), DiskSensorKind.Voltage, name, e.Hundredths),
            SesElement.Current => new DiskSensor(Key("current"), DiskSensorKind.Current, name, e.Hundredths),
            _ => null,
        };

        // Unknown and not available: what the fields hold is no reading.
        return sensor is null ? null
            : e.Status is 6 or 7 ? sensor with { Value = null, Reason = "The enclosure says that the state of this element is not known." }
            : sensor with { Reported = HealthOf(e) };

        string Key(string kind) => $"{kind}{e.TypeIndex}.{e.Index}";
    }

    private static async ValueTask<ReadOnlyMemory<byte>> OrEmptyAsync(DiskCommands commands, byte page, CancellationToken cancellationToken)
    {
        try
        {
            return await commands.ReadAsync(ScsiCdb.ReceiveDiagnostic(page), cancellationToken);
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unsupported)
        {
            return default;
        }
    }
}
