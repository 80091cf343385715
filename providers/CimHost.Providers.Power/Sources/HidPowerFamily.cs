using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Wire;
using CimHost.Providers.Power.Wire.Hid;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Sources;

/// <summary>The UPSs and batteries among the HID devices. What a device is stands in its report descriptor; none is asked anything to find out.</summary>
internal sealed class HidPowerFamily(IProviderHost host) : IPowerFamily
{
    // A descriptor does not change while its port lives.
    private readonly ConditionalWeakTable<IHidPort, StrongBox<HidPowerMap?>> _maps = [];

    /// <inheritdoc/>
    public ValueTask<PowerListing> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = new List<(IHidPort Port, HidPowerMap Map)>();
        foreach (IHidPort port in host.Hardware.HidDevices)
        {
            if (MapOf(port) is { } map)
            {
                found.Add((port, map));
            }
        }

        IReadOnlyList<string> ids = StableNames.Assign([.. found.Select(f => (NameOf(f.Port), f.Port.Name))]);
        return ValueTask.FromResult(new PowerListing([.. found.Select((f, i) => new HidPowerSource(ids[i], f.Port, f.Map, host.Time))], []));
    }

    // A UPS with a serial number is the same one in another socket.
    private static string NameOf(IHidPort port) => port.Identity.SerialNumber.Length > 0
        ? $"hid-{port.Identity.VendorId:x4}:{port.Identity.ProductId:x4}-{port.Identity.SerialNumber}"
        : port.Name;

    private HidPowerMap? MapOf(IHidPort port) => _maps.GetValue(port, p =>
    {
        if (HidReportDescriptor.TryRead(p.ReportDescriptor.Span, out HidReportDescriptor? descriptor, out string? problem))
        {
            return new StrongBox<HidPowerMap?>(HidPowerMap.Of(descriptor!));
        }

        host.Log.Debug($"{p.Name} ({p.Description}) is left out: its report descriptor {problem}.");
        return new StrongBox<HidPowerMap?>(null);
    }).Value;
}
