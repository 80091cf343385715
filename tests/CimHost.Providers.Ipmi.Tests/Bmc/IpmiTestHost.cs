using System.Reflection;
using CimHost.Providers.Ipmi.Cim;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>The providers of the package over scripted controllers, with the MOF that the project ships.</summary>
internal sealed class IpmiTestHost
{
    private readonly IpmiModels _models;

    public IpmiTestHost(params IReadOnlyList<ScriptedBmc> bmcs)
        : this(new Dictionary<string, string>(), bmcs)
    {
    }

    public IpmiTestHost(IReadOnlyDictionary<string, string> configuration, params IReadOnlyList<ScriptedBmc> bmcs)
    {
        foreach ((string key, string value) in configuration)
        {
            Host.Configuration.Add(key, value);
        }

        Host.Hardware.SetIpmiPorts([.. bmcs.Select(b => b.Port)]);
        _models = new IpmiModels(Host);
    }

    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static CimTestSchema Schema { get; } = CimTestSchema.Compile(
        "root/cimv2",
        Path.Combine(RepositoryRoot, "broker/CimHost.ObjectManager/Schema/Mof"),
        Path.Combine(RepositoryRoot, "providers/CimHost.Providers.Ipmi/Schema"));

    public FakeProviderHost Host { get; } = new();

    public IEnumerable<ICimProvider> Providers =>
    [
        new NumericSensorProvider(_models), new DiscreteSensorProvider(_models), new RawIpmiSensorProvider(_models), new FanProvider(_models),
        new PowerSupplyProvider(_models), new ChassisProvider(_models), new CardProvider(_models), new ComputerSystemProvider(_models),
        new FirmwareIdentityProvider(_models), new AssociationProvider(_models), new EventLogProvider(_models), new LogEntryProvider(_models),
        new LogRecordProvider(_models), new LogAssociationProvider(_models), new PowerServiceProvider(_models), new PowerCapabilitiesProvider(_models),
        new PowerAssociationProvider(_models), new WatchdogProvider(_models), new IndicatorLedProvider(_models), new IntrusionSensorProvider(_models),
        new DcmiPowerProvider(_models), new EndpointProvider(_models), new EndpointAssociationProvider(_models), new RedundancySetProvider(_models),
        new RedundancyAssociationProvider(_models),
    ];

    public static string Metadata(string key) =>
        typeof(IpmiTestHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    public ICimProvider ProviderOf(string className) =>
        Providers.Single(p => p.GetType().GetCustomAttribute<CimProviderAttribute>()!.ClassNames.Contains(className));

    public Task<List<CimInstance>> EnumerateAsync(string className) => EnumerateAsync(className, null);

    public async Task<List<CimInstance>> EnumerateAsync(string className, params IReadOnlyList<string>? properties) =>
        await ProviderOf(className).EnumerateAsync(new CimProviderRequest(Schema[className], "root/cimv2", properties), CancellationToken.None).ToListAsync();

    /// <summary>What was told before the error, and the error.</summary>
    public async Task<(List<CimInstance> Told, CimException? Error)> EnumerateToErrorAsync(string className)
    {
        var told = new List<CimInstance>();
        try
        {
            await foreach (CimInstance instance in ProviderOf(className).EnumerateAsync(Schema.Request(className), CancellationToken.None))
            {
                told.Add(instance);
            }
        }
        catch (CimException e)
        {
            return (told, e);
        }

        return (told, null);
    }
}
