using System.Globalization;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Wire.Hid;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>A UPS or battery on a HID port.</summary>
internal sealed class HidPowerSource(string id, IHidPort port, HidPowerMap map, TimeProvider time) : IPowerSource
{
    private static readonly Dictionary<(HidReportType, byte), HidReportResult> s_none = [];

    /// <inheritdoc/>
    public string Id => id;

    /// <inheritdoc/>
    public PowerDeviceKind Kind { get; } = map.Descriptor.Applications.Any(a => a is HidUsage.BatterySystem or HidUsage.Battery || a >> 16 == HidUsage.BatteryPage)
        && !map.Descriptor.Applications.Contains(HidUsage.Ups)
        ? PowerDeviceKind.Battery
        : PowerDeviceKind.Ups;

    /// <inheritdoc/>
    public string Origin => port.Description;

    /// <inheritdoc/>
    public PowerReading Layout => HidPowerDecoder.Decode(map, port.Identity, s_none, time.GetUtcNow());

    /// <summary>The port that the device is on.</summary>
    public IHidPort Port => port;

    /// <inheritdoc/>
    public async ValueTask<PowerReading> ReadAsync(CancellationToken cancellationToken)
    {
        var results = new Dictionary<(HidReportType, byte), HidReportResult>();
        foreach ((HidReportType type, byte reportId) in map.Reports)
        {
            HidReportResult result = await ReadReportAsync(type, reportId, cancellationToken);
            results[(type, reportId)] = result;

            // Who is gone or did not answer once is not asked for the rest: each would cost the time limit again. A report that the device
            // refuses, or gives wrong, costs its own values only.
            if (result.State is ReadingState.TimedOut or ReadingState.Unavailable)
            {
                return Layout.Failed(result.State, result.Reason!, time.GetUtcNow());
            }
        }

        PowerReading reading = HidPowerDecoder.Decode(map, port.Identity, results, time.GetUtcNow());
        return reading.State == ReadingState.Ok ? reading : reading.Failed(reading.State, reading.Reason!, reading.Time);
    }

    private async ValueTask<HidReportResult> ReadReportAsync(HidReportType type, byte reportId, CancellationToken cancellationToken)
    {
        // An input report tells a change by itself; it is asked for only when none has come yet.
        if (type == HidReportType.Input && port.LastInput(reportId) is { } sent)
        {
            return new HidReportResult(sent.Data, ReadingState.Ok, null);
        }

        try
        {
            HidReport report = await port.GetReportAsync(type, reportId, map.Descriptor.LengthOf(type, reportId), cancellationToken);
            return report.Data.Length > 0 && report.Data.Span[0] == reportId
                ? new HidReportResult(report.Data, ReadingState.Ok, null)
                : new HidReportResult(default, ReadingState.Unsupported, string.Create(CultureInfo.InvariantCulture, $"{port.Name} gave another report than report {reportId}, which was asked for"));
        }
        catch (HardwareException e)
        {
            ReadingState state = e.Fault == HardwareFault.Malformed ? ReadingState.Unsupported : HardwareStates.Of(e.Fault);
            return new HidReportResult(default, state, e.Message);
        }
    }
}
