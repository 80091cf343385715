using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Snmp.Mib;
using CimHost.Wbem.Mof;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.Snmp.Tests.Mib;

/// <summary>A real object manager with static instances, and the MIBs over it.</summary>
internal sealed class ModelHost : IAsyncDisposable
{
    private const string Namespace = "root/cimv2";
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-mib-").FullName;
    private readonly CimRepository _repository;
    private readonly CimObjectManager _manager;

    private ModelHost()
    {
        _repository = CimRepository.Open(Path.Combine(_folder, "repository.db"));
        _manager = new CimObjectManager(_repository, new DispatchOptions(), TimeProvider.System, NullLogger<CimObjectManager>.Instance);
        Model = Open();
    }

    /// <summary>The MIBs.</summary>
    public MibModel Model { get; private set; }

    /// <summary>The engine.</summary>
    public FakeEngine Engine { get; } = new();

    private ICimOperations Cim => _manager.For(CimCaller.Host);

    /// <summary>A host with the classes of <see cref="ModelMof"/> and no instances.</summary>
    public static async Task<ModelHost> CreateAsync()
    {
        var host = new ModelHost();
        await host._repository.CreateNamespaceAsync(Namespace, CancellationToken.None);
        MofCompilation compilation = new MofInstaller(host._repository).Compile([new MofSource("test.mof", ModelMof.Text)], Namespace);
        Assert.True(compilation.Success, string.Join('\n', compilation.Diagnostics));
        await host._repository.ApplyAsync(MofInstaller.Batches(compilation), null, null, CancellationToken.None);
        return host;
    }

    /// <summary>Creates an instance.</summary>
    public async Task<CimObjectPath> AddAsync(string className, params (string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(_repository.Schema.GetClass(Namespace, className), Namespace);
        foreach ((string name, CimValue value) in values)
        {
            instance[name] = value;
        }

        return await Cim.CreateInstanceAsync(Namespace, instance, CancellationToken.None);
    }

    /// <summary>Creates a temperature sensor.</summary>
    public Task<CimObjectPath> AddTemperatureAsync(string id, int? reading, int modifier = 0, string state = "Ok") => AddAsync(
        "CIM_NumericSensor", ("DeviceID", id), ("ElementName", id), ("SensorType", (ushort)2), ("BaseUnits", (ushort)2), ("UnitModifier", modifier), ("CurrentReading", reading),
        ("ReadingState", state), ("HealthState", (ushort)5), ("UpperThresholdCritical", 90));

    /// <summary>Deletes an instance.</summary>
    public async Task DeleteAsync(CimObjectPath path) => await Cim.DeleteInstanceAsync(Namespace, path, CancellationToken.None);

    /// <summary>Ends the MIBs and starts them over the same state, as a restart of the host does, and reads the model.</summary>
    public async Task RestartAsync()
    {
        await Model.DisposeAsync();
        Model = Open();
        await ReadAsync();
    }

    /// <summary>Reads the model.</summary>
    public async Task ReadAsync() => Assert.True(await Model.FreshenAsync(TimeSpan.FromSeconds(60), CancellationToken.None), "The model could not be read.");

    /// <summary>Everything that a walk gives, as an agent walks.</summary>
    public List<VarBind> Walk(string under = "1.3.6.1")
    {
        var variables = new List<VarBind>();
        var root = Oid.Parse(under);
        Oid at = root;
        while (Model.TryGetNext(at, out VarBind next) && next.Name.StartsWith(root))
        {
            variables.Add(next);
            at = next.Name;
        }

        return variables;
    }

    /// <summary>Number of the entity with a name.</summary>
    public uint Entity(string name) => Walk("1.3.6.1.2.1.47.1.1.1.1.7").Single(v => v.Value == SnmpValue.Text(name)).Name.Ids[^1];

    /// <summary>Value of a variable.</summary>
    public SnmpValue Get(string name) => Model.Get(Oid.Parse(name));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Model.DisposeAsync();
        await _manager.DisposeAsync();
        _repository.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private MibModel Open() => new(
        new MibOptions { SystemName = "test-host", StorePath = Path.Combine(_folder, "snmp.db"), Version = "1.0", Interval = TimeSpan.FromSeconds(30) },
        () => Cim, Engine, null, TimeProvider.System, NullLogger<MibModel>.Instance);
}
