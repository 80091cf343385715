using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Sensors.Files;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_ComputerSystem: this computer, with what its firmware says of it (SMBIOS, as the kernel shows it).</summary>
[CimProvider(ClassNames.ComputerSystem)]
[method: ImportingConstructor]
internal sealed class ComputerSystemProvider(IProviderHost host, AttributeReader reader) : ICimProvider
{
    private const string Folder = "/sys/class/dmi/id/";
    private const string RollupSensor = "CimHost_RollupHealthSensor";

    private static readonly TimeSpan s_healthLimit = TimeSpan.FromSeconds(1);

    // So long the health that was told last stands for one that is late.
    private static readonly TimeSpan s_healthAge = TimeSpan.FromMinutes(5);
    private static readonly CimInstanceOptions s_health = new() { PropertyList = ["HealthState", "OperationalStatus", "StatusDescriptions"] };

    private LastHealth? _lastHealth;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using ReadLimit limit = reader.StartLimit(cancellationToken);
        CimInstance instance = request.NewInstance();
        instance["CreationClassName"] = ClassNames.ComputerSystem;
        instance["Name"] = host.SystemName;
        instance["NameFormat"] = "Other";
        instance["ElementName"] = host.SystemName;
        instance["Caption"] = host.SystemName.Length <= 64 ? host.SystemName : host.SystemName[..64];

        // It runs, since this host runs on it. Its health is that of its parts, which another package rolls up.
        instance["EnabledState"] = (ushort)2;
        instance["OperationalStatus"] = new ushort[] { 2 };
        instance["StatusDescriptions"] = new[] { "Running" };
        instance["HealthState"] = (ushort)0;
        if (request.Wants("HealthState", "OperationalStatus", "StatusDescriptions"))
        {
            await SetHealthAsync(instance, request, cancellationToken);
        }

        await SetIdentificationAsync(instance, limit);
        cancellationToken.ThrowIfCancellationRequested();
        yield return instance;
    }

    // Without that package there is no such class, and the health stays unknown.
    private async ValueTask SetHealthAsync(CimInstance instance, CimProviderRequest request, CancellationToken cancellationToken)
    {
        // Parts that do not answer must not keep anybody from learning what this computer is.
        using var limit = new CancellationTokenSource(s_healthLimit, host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (CimInstance sensor in host.Cim.EnumerateInstancesAsync(request.Namespace, RollupSensor, s_health, both.Token))
            {
                if (sensor["HealthState"].TryGetUInt64(out ulong state) && state > 0)
                {
                    Set(sensor);
                    _lastHealth = new LastHealth(sensor, host.Time.GetUtcNow());
                    return;
                }
            }
        }
        catch (CimException e)
        {
            host.Log.Debug($"The health of the computer is not known: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            host.Log.Debug($"The health of the computer is not known now: its parts did not answer within {s_healthLimit.TotalSeconds} s.");
        }

        if (_lastHealth is { } last && host.Time.GetUtcNow() - last.At < s_healthAge)
        {
            Set(last.Sensor);
        }

        void Set(CimInstance sensor)
        {
            foreach (string property in s_health.PropertyList!)
            {
                instance[property] = sensor[property];
            }
        }
    }

    private async ValueTask SetIdentificationAsync(CimInstance instance, ReadLimit limit)
    {
        string? model = await ReadAsync("product_name", limit);
        string? serial = await ReadAsync("product_serial", limit);
        string? uuid = (await ReadAsync("product_uuid", limit))?.ToLowerInvariant();
        instance["Manufacturer"] = await ReadAsync("sys_vendor", limit);
        instance["Model"] = model;
        instance["SerialNumber"] = serial;
        instance["UUID"] = uuid;
        instance["FirmwareVersion"] = await ReadAsync("bios_version", limit);
        instance["Description"] = model is null ? null : $"{instance["Manufacturer"].AsString()} {model}".Trim();

        // DSP1052 names the kinds of identifying information.
        var information = new List<(string Kind, string Value)>();
        if (uuid is not null)
        {
            information.Add(("CIM:GUID", uuid));
        }

        if (model is not null && serial is not null)
        {
            information.Add(("CIM:Model:SerialNumber", $"{model}:{serial}"));
        }

        instance["IdentifyingDescriptions"] = information.Count == 0 ? null : information.Select(i => i.Kind).ToArray();
        instance["OtherIdentifyingInfo"] = information.Count == 0 ? null : information.Select(i => i.Value).ToArray();
    }

    private async ValueTask<string?> ReadAsync(string attribute, ReadLimit limit) => (await reader.ReadAsync(Folder + attribute, limit)).AsText();

    private sealed record LastHealth(CimInstance Sensor, DateTimeOffset At);
}
