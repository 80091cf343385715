using System.Composition;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CimHost.Providers.Power.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Sources;

/// <summary>All power devices of all families. They are looked at all at once, and each is handed over as it is ready: what is slow delays nothing but itself.</summary>
[Export]
[Shared]
internal sealed class PowerCatalog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPowerFamily, Dictionary<string, PowerDevice>> _families;
    private readonly PackageSettings _settings;
    private readonly TimeProvider _time;

    /// <summary>Takes the package's configuration.</summary>
    /// <exception cref="InvalidOperationException">A configured value is wrong.</exception>
    [ImportingConstructor]
    public PowerCatalog(IProviderHost host)
    {
        _settings = PackageSettings.Read(host.Configuration);
        _time = host.Time;
        IPowerFamily[] families =
        [
            new HidPowerFamily(host),
            new PowerSupplyFamily(host.Hardware.Files, host.Time),
            new PowercapFamily(host.Hardware.Files, host.Time),
            .. _settings.Upsd.Select(server => new NutFamily(server, _settings.ReadTimeout, host.Time)),
        ];
        _families = families.ToDictionary(f => f, _ => new Dictionary<string, PowerDevice>(StringComparer.Ordinal));
    }

    /// <summary>
    /// The devices that are there now with their readings, in the order in which they are ready. A device that came or went since the last
    /// time is noticed here.
    /// </summary>
    /// <param name="wanted">Which devices.</param>
    /// <param name="look">False: no device is asked, and readings are without values.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    /// <exception cref="CimException">At the end: something could not be looked at, so that devices may be missing.</exception>
    public async IAsyncEnumerable<(PowerDevice Device, PowerReading Reading)> ReadAsync(
        Func<PowerDevice, bool> wanted, bool look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateUnbounded<(PowerDevice, PowerReading)>(new UnboundedChannelOptions { SingleReader = true });
        Task work = RunAsync(wanted, look, results.Writer, stop.Token);
        try
        {
            await foreach ((PowerDevice, PowerReading) result in results.Reader.ReadAllAsync(cancellationToken))
            {
                yield return result;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(Func<PowerDevice, bool> wanted, bool look, ChannelWriter<(PowerDevice, PowerReading)> results, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            string[][] problems = await Task.WhenAll(_families.Keys.Select(f => RunFamilyAsync(f, wanted, look, results, cancellationToken)));
            string[] all = [.. problems.SelectMany(p => p)];
            failure = all.Length == 0 ? null : new CimException(CimStatusCode.Failed, "Power devices may be missing: " + string.Join(" ", all));
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            // The enumeration throws it after the results that were ready.
            results.Complete(failure);
        }
    }

    private async Task<string[]> RunFamilyAsync(
        IPowerFamily family, Func<PowerDevice, bool> wanted, bool look, ChannelWriter<(PowerDevice, PowerReading)> results, CancellationToken cancellationToken)
    {
        PowerListing listing = await family.ListAsync(cancellationToken);
        await Task.WhenAll(Register(family, listing.Sources).Where(wanted).Select(async device =>
            results.TryWrite((device, look ? await device.ReadAsync(cancellationToken) : device.Layout))));
        return [.. listing.Problems];
    }

    // A device that is still there keeps what is known of it.
    private PowerDevice[] Register(IPowerFamily family, IReadOnlyList<IPowerSource> sources)
    {
        lock (_lock)
        {
            Dictionary<string, PowerDevice> known = _families[family];
            var now = new Dictionary<string, PowerDevice>(StringComparer.Ordinal);
            foreach (IPowerSource source in sources)
            {
                if (known.TryGetValue(source.Id, out PowerDevice? device))
                {
                    device.Found(source);
                }

                now[source.Id] = device ?? new PowerDevice(source, _settings.ReadTimeout, _time);
            }

            _families[family] = now;
            return [.. now.Values];
        }
    }
}
