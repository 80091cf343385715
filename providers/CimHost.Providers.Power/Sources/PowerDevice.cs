using System.Globalization;
using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>
/// A device under a time limit. The classes of this package look at the same device at nearly the same time: they share one look, which
/// is good for a second. A look that does not come back within the limit cannot be stopped; it is left to itself, and until it comes back
/// no second one is started, so that a dead device holds one and not one per query.
/// </summary>
internal sealed class PowerDevice(IPowerSource source, TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan s_good = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private IPowerSource _source = source;
    private PowerReading? _last;
    private Task<PowerReading>? _inFlight;

    public string Id => _source.Id;

    public PowerDeviceKind Kind => _source.Kind;

    public string Origin => _source.Origin;

    /// <summary>The device without asking it.</summary>
    public PowerReading Layout => _source.Layout;

    /// <summary>True when a UPS has a battery of its own to tell, or when it is a battery.</summary>
    public bool HasBattery => Kind is PowerDeviceKind.Ups or PowerDeviceKind.Battery;

    /// <summary>The same device was found anew, perhaps elsewhere.</summary>
    public void Found(IPowerSource source) => Volatile.Write(ref _source, source);

    /// <summary>Looks at the device, or shares a look. A device that does not answer gives a reading that says so.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; not thrown for the limit.</exception>
    public async ValueTask<PowerReading> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<PowerReading> look;
        lock (_lock)
        {
            if (_last is { } last && time.GetUtcNow() - last.Time < s_good)
            {
                return last;
            }

            look = _inFlight ??= LookAsync(_source);
        }

        using var clock = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            return await look.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Layout.Failed(ReadingState.TimedOut, NoAnswer(), time.GetUtcNow());
        }
    }

    private async Task<PowerReading> LookAsync(IPowerSource source)
    {
        // The caller must have taken note of this look before it can end.
        await Task.Yield();
        using var clock = new CancellationTokenSource(limit, time);
        PowerReading reading;
        try
        {
            reading = (await source.ReadAsync(clock.Token)).WithoutAbsentBattery();
        }
        catch (OperationCanceledException)
        {
            reading = source.Layout.Failed(ReadingState.TimedOut, NoAnswer(), time.GetUtcNow());
        }
        catch (Exception)
        {
            lock (_lock)
            {
                _inFlight = null;
            }

            throw;
        }

        lock (_lock)
        {
            _last = reading;
            _inFlight = null;
        }

        return reading;
    }

    private string NoAnswer() => string.Create(CultureInfo.InvariantCulture, $"{Id} ({Origin}) gave no answer within {limit.TotalMilliseconds} ms");
}
