using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Wire.Linux;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>A zone that counts energy. Its power is the mean between two looks; the first look has none.</summary>
internal sealed class PowercapZone(string id, string path, IFileTree files, TimeProvider time) : IPowerSource
{
    // A 32-bit RAPL counter of 15.3 µJ steps goes round once in 65 s at 1 kW, the most that a socket takes for long.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly Measurement s_power = new("power", PowerQuantity.ActivePower);
    private static readonly Measurement s_energy = new("energy", PowerQuantity.Energy);

    private EnergyCounter? _last;
    private string? _name;
    private long? _range;

    public string Id => id;

    public PowerDeviceKind Kind => PowerDeviceKind.Zone;

    public string Origin => path;

    public PowerReading Layout => new() { State = ReadingState.Unavailable, Reason = "the zone was not read yet", Time = time.GetUtcNow(), Model = _name, Measurements = [s_energy, s_power] };

    public async ValueTask<PowerReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _name ??= await files.ReadAsync(path + "/name", cancellationToken) is { } name ? SysfsNumber.ReadText(name) : null;
            _range ??= await NumberAsync("max_energy_range_uj", cancellationToken) ?? 0;
            return await NumberAsync("energy_uj", cancellationToken) is { } energy
                ? Told(new EnergyCounter(energy, time.GetUtcNow()))
                : Layout.Failed(ReadingState.Unavailable, $"{path}/energy_uj holds no number", time.GetUtcNow());
        }
        catch (HardwareException e)
        {
            // Since the PLATYPUS attack the kernel shows the counter to root only.
            string advice = e.Message.Contains("EACCES", StringComparison.Ordinal) || e.Message.Contains("errno 13", StringComparison.Ordinal) ? " The host has to run as root to read it." : string.Empty;
            return Layout.Failed(HardwareStates.Of(e.Fault), e.Message + advice, time.GetUtcNow());
        }
    }

    private PowerReading Told(EnergyCounter now)
    {
        double? power = _last is { } last ? now.PowerSince(last, _range ?? 0, s_longest) : null;
        string why = _last is null
            ? "power is the mean between two looks, and this is the first one"
            : "power is the mean between two looks, and the last one is too long ago or the counter was reset";
        _last = now;
        return Layout with
        {
            State = ReadingState.Ok,
            Reason = null,
            Time = now.Time,
            Measurements = [s_energy.With(now.Microjoules / 1e6), power is { } watts ? s_power.With(watts) : s_power.Without(ReadingState.Unavailable, why)],
        };
    }

    private async ValueTask<long?> NumberAsync(string name, CancellationToken cancellationToken) =>
        await files.ReadAsync($"{path}/{name}", cancellationToken) is { } content && SysfsNumber.TryRead(content, out long value) ? value : null;
}
