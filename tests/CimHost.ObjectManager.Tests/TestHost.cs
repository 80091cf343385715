using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.Wbem.Mof;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.ObjectManager.Tests;

/// <summary>An object manager over a repository in a folder of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string Namespace = "root/cimv2";

    private TestHost(string folder, CimRepository repository, DispatchOptions options)
    {
        Folder = folder;
        Repository = repository;
        Manager = new CimObjectManager(repository, options, Time, NullLogger<CimObjectManager>.Instance);
    }

    public string Folder { get; }

    public string DatabasePath => Path.Combine(Folder, "repository.db");

    public ManualTime Time { get; } = new();

    public CimRepository Repository { get; }

    public CimObjectManager Manager { get; }

    /// <summary>The operations of an administrator.</summary>
    public ICimOperations Cim => Manager.For(new CimCaller("admin", CimRights.All));

    /// <summary>Makes a host whose namespace root/cimv2 holds the qualifiers of <see cref="TestMof"/> and the given MOF.</summary>
    public static async Task<TestHost> CreateAsync(string mof = TestMof.Devices, DispatchOptions? options = null)
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-om-").FullName;
        var host = new TestHost(folder, CimRepository.Open(Path.Combine(folder, "repository.db")), options ?? new DispatchOptions());
        await host.CompileAsync(TestMof.Qualifiers + mof);
        return host;
    }

    /// <summary>Compiles MOF into a namespace; an error fails the test.</summary>
    public async Task CompileAsync(string mof, string namespaceName = Namespace)
    {
        MofCompilation compilation = new MofInstaller(Repository).Compile([new MofSource("test.mof", mof)], namespaceName);
        Assert.True(compilation.Success, string.Join('\n', compilation.Diagnostics));
        await Repository.ApplyAsync(MofInstaller.Batches(compilation), null, null, CancellationToken.None);
    }

    /// <summary>Puts a provider into service.</summary>
    public FakeProvider AddProvider(FakeProvider provider, params string[] classNames) => AddProvider(provider, 0, classNames);

    /// <summary>Puts a provider into service, its results good for some seconds.</summary>
    public T AddProvider<T>(T provider, double maxAgeSeconds, params string[] classNames)
        where T : ICimProvider
    {
        Manager.AddProviders([new ProviderRegistration("test", provider, new ProviderMetadata { ClassNames = classNames, Namespaces = [Namespace], MaxAgeSeconds = maxAgeSeconds })]);
        return provider;
    }

    /// <summary>A new instance of a class with some properties set.</summary>
    public CimInstance Make(string className, params (string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(Repository.Schema.GetClass(Namespace, className), Namespace);
        foreach ((string name, CimValue value) in values)
        {
            instance[name] = value;
        }

        return instance;
    }

    /// <summary>Creates an instance.</summary>
    public async Task<CimObjectPath> AddAsync(string className, params (string Name, CimValue Value)[] values) =>
        await Cim.CreateInstanceAsync(Namespace, Make(className, values), CancellationToken.None);

    public static CimObjectPath Device(string className, string id) => new(className, "DeviceID", id, Namespace);

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        Repository.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
