using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Wire;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// One sweep over sensors of a controller, shared by the requests that came at the same time: each sensor is read at most once. When the
/// controller has stopped answering, the sweep says so for the sensors that are left instead of waiting for each.
/// </summary>
internal sealed class SensorSweep(IpmiClient client, BmcInventory inventory, TimeProvider time, TimeSpan thresholdAge, CancellationToken cancellationToken)
{
    private const int MaxTimeoutsInRow = 2;
    private const int MaxTimeouts = 3;
    private const int MaxContainers = 4;

    private readonly ConcurrentDictionary<BmcSensor, Lazy<Task<(GetSensorReading? Answer, HardwareException? Error, byte Code)>>> _readings = new();
    private readonly ConcurrentDictionary<BmcSensor, Lazy<Task<SensorSample>>> _samples = new();
    private readonly ConcurrentDictionary<BmcSensor, Lazy<Task<SensorLimits>>> _limits = new();
    private readonly ConcurrentDictionary<(byte Owner, byte Channel), HardwareException> _silent = new();
    private volatile HardwareException? _failure;
    private int _timeoutsInRow;
    private int _timeouts;

    /// <summary>Why the sweep was given up; null while it was not.</summary>
    public HardwareException? Failure => _failure;

    /// <summary>Says that the controller does not answer, before anything was read.</summary>
    public void GiveUp(HardwareException failure) => _failure = failure;

    /// <summary>
    /// Samples in the order of the sensors, each as soon as it is there, with so many commands in flight as the port wants; with
    /// <paramref name="withLimits"/> the limits are read on the way.
    /// </summary>
    public async IAsyncEnumerable<SensorSample> ReadAsync(IReadOnlyList<BmcSensor> sensors, bool withLimits, [EnumeratorCancellation] CancellationToken requestCancelled)
    {
        for (int i = 0, started = 0; i < sensors.Count; i++)
        {
            for (; started < sensors.Count && started < i + client.Concurrency; started++)
            {
                _ = withLimits ? LimitsAsync(sensors[started]) : (Task)SampleAsync(sensors[started]);
            }

            yield return await SampleAsync(sensors[i]).WaitAsync(requestCancelled);
        }
    }

    /// <summary>The sample of one sensor.</summary>
    public Task<SensorSample> SampleAsync(BmcSensor sensor) =>
        _samples.GetOrAdd(sensor, static (s, sweep) => new Lazy<Task<SensorSample>>(() => sweep.ReadSampleAsync(s)), this).Value;

    /// <summary>The limits of a numeric sensor: kept ones when they cannot change or are young enough, else read again.</summary>
    public Task<SensorLimits> LimitsAsync(BmcSensor sensor) =>
        _limits.GetOrAdd(sensor, static (s, sweep) => new Lazy<Task<SensorLimits>>(() => sweep.ReadLimitsAsync(s)), this).Value;

    /// <summary>
    /// True when a sensor says that the entity, or one that contains it, is absent; false when one says that it is there or none says
    /// anything.
    /// </summary>
    public async Task<bool> IsAbsentAsync(Entity entity, int depth = 0)
    {
        if (await SaysAbsentAsync(entity) is { } known)
        {
            return known;
        }

        foreach (Entity container in depth < MaxContainers ? inventory.Containers(entity) : [])
        {
            if (await IsAbsentAsync(container, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool?> SaysAbsentAsync(Entity entity)
    {
        bool? absent = null;
        foreach (BmcSensor sensor in inventory.PresenceSensors(entity))
        {
            sensor.TellsPresence(out int offset, out bool presentWhenAsserted);
            if ((await ReadingAsync(sensor)).Answer is { IsAvailable: true, States: { } states })
            {
                if (((states & (1 << offset)) != 0) == presentWhenAsserted)
                {
                    return false;
                }

                absent = true;
            }
        }

        return absent;
    }

    // The one command per sensor and sweep.
    private Task<(GetSensorReading? Answer, HardwareException? Error, byte Code)> ReadingAsync(BmcSensor sensor) =>
        _readings.GetOrAdd(sensor, static (s, sweep) => new Lazy<Task<(GetSensorReading?, HardwareException?, byte)>>(() => sweep.SendReadingAsync(s)), this).Value;

    private async Task<(GetSensorReading? Answer, HardwareException? Error, byte Code)> SendReadingAsync(BmcSensor sensor)
    {
        try
        {
            IpmiResponse response = await SendAsync(sensor, GetSensorReading.Request(sensor.Number, sensor.Record.Lun));
            if (!sensor.IsBridged)
            {
                Interlocked.Exchange(ref _timeoutsInRow, 0);
            }

            if (!response.IsSuccess)
            {
                return (null, null, response.CompletionCode);
            }

            return GetSensorReading.TryRead(response.Data.Span, out GetSensorReading reading)
                ? (reading, null, 0)
                : (null, client.Malformed("Get Sensor Reading", response.Data.Length), 0);
        }
        catch (HardwareException e)
        {
            Note(sensor, e);
            return (null, e, 0);
        }
    }

    private ValueTask<IpmiResponse> SendAsync(BmcSensor sensor, IpmiRequest request) =>
        client.SendAsync(sensor.ToOwner(request), cancellationToken, () => _failure ?? (sensor.IsBridged ? _silent.GetValueOrDefault((sensor.Record.OwnerId, sensor.Record.Channel)) : null));

    // A controller behind the BMC that does not answer is silent for this sweep, and says nothing about the BMC.
    private void Note(BmcSensor sensor, HardwareException e)
    {
        if (!sensor.IsBridged)
        {
            Note(e);
        }
        else if (e.Fault is HardwareFault.TimedOut or HardwareFault.Unavailable)
        {
            _silent.TryAdd((sensor.Record.OwnerId, sensor.Record.Channel), e);
        }
    }

    // One sensor may fail alone; a second command without an answer says that the controller is gone.
    private void Note(HardwareException e)
    {
        if (_failure is not null)
        {
            return;
        }

        if (e.Fault == HardwareFault.Unavailable)
        {
            _failure = e;
        }
        else if (e.Fault == HardwareFault.TimedOut)
        {
            int total = Interlocked.Increment(ref _timeouts);
            if (Interlocked.Increment(ref _timeoutsInRow) >= MaxTimeoutsInRow || total >= MaxTimeouts)
            {
                _failure = e;
            }
        }
    }

    private async Task<SensorSample> ReadSampleAsync(BmcSensor sensor)
    {
        if (sensor.UnreadableReason is { } unreadable)
        {
            return SensorSample.Without(sensor, time.GetUtcNow(), ReadingState.Unsupported, unreadable);
        }

        (GetSensorReading? answer, HardwareException? error, byte code) = await ReadingAsync(sensor);
        DateTimeOffset now = time.GetUtcNow();
        if (error is not null)
        {
            return SensorSample.Without(sensor, now, StateOf(error.Fault), error.Message);
        }

        bool doubtful = answer is not { IsAvailable: true } || sensor.Capabilities.IgnoreIfAbsent;
        if (doubtful && await IsAbsentAsync(sensor.Entity) && !sensor.TellsPresence(out _, out _))
        {
            return SensorSample.Without(sensor, now, ReadingState.Absent, $"{EntityNames.Name(sensor.Entity)} is not installed", answer);
        }

        return answer is { } reading
            ? await UnderstandAsync(sensor, reading, now)
            : SensorSample.Without(sensor, now, code is CompletionCode.IllegalForSensor || CompletionCode.IsUnknownCommand(code) ? ReadingState.Unsupported : ReadingState.Unavailable, client.Refused("Get Sensor Reading", code).Message);
    }

    private async ValueTask<SensorSample> UnderstandAsync(BmcSensor sensor, GetSensorReading reading, DateTimeOffset now)
    {
        string? why = !reading.ScanningEnabled ? "the controller does not scan the sensor"
            : reading.Unavailable ? "the controller has no reading now"
            : sensor.Kind == SensorKind.Discrete && reading.States is null ? "the controller answered without states"
            : null;
        if (why is not null)
        {
            return SensorSample.Without(sensor, now, ReadingState.Unavailable, why, reading);
        }

        if (sensor.Full is not { } full || sensor.Kind != SensorKind.Numeric)
        {
            return new SensorSample(sensor, new Reading(reading.States ?? 0, string.Empty, now, ReadingState.Ok), reading);
        }

        try
        {
            double value = await ConvertAsync(sensor, full, reading.Raw);
            return double.IsFinite(value)
                ? new SensorSample(sensor, new Reading(value, sensor.Units.Symbol, now, ReadingState.Ok), reading)
                : SensorSample.Without(sensor, now, ReadingState.Unavailable, $"raw reading {reading.Raw:X2}h has no value under linearisation {full.Linearization:X2}h", reading);
        }
        catch (HardwareException e)
        {
            Note(e);
            return SensorSample.Without(sensor, now, StateOf(e.Fault), e.Message, reading);
        }
    }

    private async ValueTask<double> ConvertAsync(BmcSensor sensor, FullSensorRecord full, byte raw)
    {
        SensorFactors factors = full.Factors;
        if (Linearization.IsNonLinear(full.Linearization) && !inventory.Factors.TryGetValue((sensor, raw), out factors))
        {
            IpmiResponse response = await SendAsync(sensor, GetSensorReadingFactors.Request(sensor.Number, full.Lun, raw));
            if (!response.IsSuccess)
            {
                throw client.Refused("Get Sensor Reading Factors", response.CompletionCode);
            }

            if (!GetSensorReadingFactors.TryRead(response.Data.Span, out _, out factors))
            {
                throw client.Malformed("Get Sensor Reading Factors", response.Data.Length);
            }

            inventory.Factors.TryAdd((sensor, raw), factors);
        }

        return Linearization.Apply(full.Linearization, factors.Linear(SensorFactors.Number(raw, full.Units.Format)));
    }

    private async Task<SensorLimits> ReadLimitsAsync(BmcSensor sensor)
    {
        bool mayChange = sensor.Capabilities.ThresholdAccess == 2 || sensor.Capabilities.HysteresisAccess == 2;
        bool kept = inventory.Limits.TryGetValue(sensor, out SensorLimits? limits);
        if (kept && (!mayChange || time.GetUtcNow() - limits!.ReadAt < thresholdAge))
        {
            return limits!;
        }

        // A sensor that gave no answer would not give one about its limits either.
        ReadingState state = (await SampleAsync(sensor)).Reading.State;
        if (sensor.Full is not { } full || state is ReadingState.TimedOut or ReadingState.Unsupported)
        {
            return limits ?? SensorLimits.None(time.GetUtcNow());
        }

        try
        {
            var read = new SensorLimits(await ThresholdsAsync(sensor, full), await HysteresisAsync(sensor, full), time.GetUtcNow());
            inventory.Limits[sensor] = read;
            return read;
        }
        catch (HardwareException e)
        {
            // Limits that cannot be read are no limits; the sensor keeps its value.
            Note(sensor, e);
            return limits ?? SensorLimits.None(time.GetUtcNow());
        }
    }

    private async ValueTask<double?[]> ThresholdsAsync(BmcSensor sensor, FullSensorRecord full)
    {
        double?[] thresholds = new double?[6];
        if (!full.IsThreshold || full.Capabilities.ThresholdAccess == 0)
        {
            return thresholds;
        }

        IpmiResponse response = await SendAsync(sensor, GetSensorThresholds.Request(sensor.Number, full.Lun));
        bool told = response.IsSuccess && GetSensorThresholds.TryRead(response.Data.Span, out _);
        GetSensorThresholds raw = default;
        if (told)
        {
            GetSensorThresholds.TryRead(response.Data.Span, out raw);
        }

        for (int i = 0; i < thresholds.Length; i++)
        {
            // Fixed thresholds that a controller does not return are those of the record.
            byte? value = told ? raw[i]
                : full.Capabilities.ThresholdAccess == 3 && (full.Masks.ReadableThresholds & (1 << i)) != 0 ? full.Thresholds[i]
                : null;
            if (value is { } known && await ConvertAsync(sensor, full, known) is var converted && double.IsFinite(converted))
            {
                thresholds[i] = converted;
            }
        }

        return thresholds;
    }

    private async ValueTask<double?> HysteresisAsync(BmcSensor sensor, FullSensorRecord full)
    {
        // Hysteresis is in raw counts; only a linear sensor has a value for a difference of counts.
        if (full.Capabilities.HysteresisAccess == 0 || full.Linearization != Linearization.Linear)
        {
            return null;
        }

        if (full.Capabilities.HysteresisAccess == 3)
        {
            return full.PositiveHysteresis == 0 ? null : full.Factors.Span(full.PositiveHysteresis);
        }

        IpmiResponse response = await SendAsync(sensor, GetSensorHysteresis.Request(sensor.Number, full.Lun));
        return response.IsSuccess && GetSensorHysteresis.TryRead(response.Data.Span, out GetSensorHysteresis hysteresis)
            ? full.Factors.Span(hysteresis.PositiveGoing)
            : null;
    }

    private static ReadingState StateOf(HardwareFault fault) => fault switch
    {
        HardwareFault.TimedOut => ReadingState.TimedOut,
        HardwareFault.Unsupported => ReadingState.Unsupported,
        _ => ReadingState.Unavailable,
    };
}
