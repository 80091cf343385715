using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Interop;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Providers;

public sealed class PackageTests
{
    private const string StatusMof = """
        class CimHost_ProviderPackage {
          [Key] string InstanceID; string ElementName; string Caption; string Version; string Vendor; string Folder; uint16 PackageStatus; string StatusText; uint32 ProviderCount;
          uint16 HealthState; uint16 OperationalStatus[]; string StatusDescriptions[];
        };
        class CimHost_ProviderHealth {
          [Key] string InstanceID; string ElementName; string PackageName; string ClassNames[]; boolean LeftAlone; string LastFailure; uint64 RefusedRequests;
          uint16 HealthState; uint16 OperationalStatus[]; string StatusDescriptions[];
        };
        """;

    private sealed class Packages : IAsyncDisposable
    {
        private Packages(TestHost host)
        {
            Host = host;
            All = new ProviderPackages(host.Manager, new MofInstaller(host.Repository), new PackageLoader(Log), []);
            host.AddProvider(new PackageStatusProvider(host.Manager, () => All.All), 0, [.. PackageStatusProvider.ClassNames]);
        }

        public TestHost Host { get; }

        public ListLogger<PackageLoader> Log { get; } = new();

        public ProviderPackages All { get; private set; }

        public string Root => Path.Combine(Host.Folder, "packages");

        public static async Task<Packages> CreateAsync() => new(await TestHost.CreateAsync(StatusMof));

        public async Task StartAsync()
        {
            var loader = new PackageLoader(Log);
            All = new ProviderPackages(Host.Manager, new MofInstaller(Host.Repository), loader, loader.Find([Path.Combine(Host.Folder, "no such folder"), Root]));
            foreach (ProviderPackage package in All.All.Where(p => p.Status == PackageStatus.Loaded))
            {
                await All.StartAsync(package, new TestProviderHost(), null, CancellationToken.None);
            }
        }

        public ProviderPackage Find(string name) => All.All.Single(p => p.Name == name);

        public async Task<string> ReadAsync(string name)
        {
            (List<CimInstance> items, CimException? error) = await Expect.ReadAsync(Host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "V_" + name, CimInstanceOptions.Full, default));
            return error?.Message ?? string.Join(' ', items.Select(i => i["Id"].AsString() + " on " + i["Host"].AsString()));
        }

        public async Task<CimInstance> StatusAsync(string name) => await Host.Cim
            .EnumerateInstancesAsync(TestHost.Namespace, "CimHost_ProviderPackage", CimInstanceOptions.Full, default).SingleAsync(i => i["ElementName"].AsString() == name);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    [Fact]
    public async Task A_package_folder_becomes_a_provider_in_service()
    {
        await using Packages packages = await Packages.CreateAsync();
        PackageFolder.Good(packages.Root, "Good");

        await packages.StartAsync();

        Assert.Equal("from Good on test-host", await packages.ReadAsync("Good"));
        CimInstance status = await packages.StatusAsync("Good");
        Assert.Equal(((ushort)2, "1.2", "Vendor", 1U, (ushort)5), (status["PackageStatus"].ToObject(), status["Version"].AsString(), status["Vendor"].AsString(), status["ProviderCount"].ToObject(), status["HealthState"].ToObject()));
        ProviderRegistration registration = Assert.Single(packages.All.All[0].Providers);
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(7)), (registration.MaxAge, registration.Deadline));
        Assert.Equal(["root/cimv2"], registration.Namespaces);
        Assert.Contains("Information 2001 Provider package Good 1.2 loaded with 1 providers", packages.Log.Text, StringComparison.Ordinal);
        CimInstance health = await packages.Host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "CimHost_ProviderHealth", CimInstanceOptions.Full, default).SingleAsync(h => h["PackageName"].AsString() == "Good");
        Assert.Equal("CimHost:Good/ProviderGood", health["InstanceID"].AsString());
        Assert.Equal(status.Values.ToArray(), (await packages.Host.Cim.GetInstanceAsync(TestHost.Namespace, status.Path!, CimInstanceOptions.Full, default)).Values.ToArray());
    }

    [Fact]
    public async Task Every_way_to_be_wrong_has_a_status_and_a_log_line_and_harms_no_other()
    {
        await using Packages packages = await Packages.CreateAsync();
        string root = packages.Root;
        byte[] Source(string name, string body) => PackageFolder.Compile(name, $"using CimHost.Sdk.Cim; using CimHost.Sdk.Providers; using System.Collections.Generic; using System.Threading; {body}");
        const string Enumerate = "public IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest r, CancellationToken t) => throw null!;";

        PackageFolder.Good(root, "A_Good");
        Directory.CreateDirectory(Path.Combine(root, "NoManifest"));
        PackageFolder.Make(root, "BadJson", null, null, "{ \"name\": ");
        PackageFolder.Make(root, "BadKey", null, null, PackageFolder.Manifest("BadKey").Replace("vendor", "wendor", StringComparison.Ordinal));
        PackageFolder.Make(root, "BadName", null, null, PackageFolder.Manifest("bad name"));
        PackageFolder.Make(root, "Leaves", null, null, PackageFolder.Manifest("Leaves", assembly: "../A_Good/A_Good.dll"));
        PackageFolder.Make(root, "Twice", null, null, PackageFolder.Manifest("a_good"));
        PackageFolder.Make(root, "WrongAbi", null, null, PackageFolder.Manifest("WrongAbi", abi: "2.0"));
        PackageFolder.Make(root, "NoAssembly", null, null);
        PackageFolder.Make(root, "Native", File.ReadAllBytes("/bin/true"), null);
        PackageFolder.Make(root, "Garbage", [1, 2, 3], null);
        PackageFolder.Make(root, "NoProvider", Source("NoProvider", "public class Nothing {}"), null);
        PackageFolder.Make(root, "NoClass", Source("NoClass", "[CimProvider] public class P : ICimProvider { " + Enumerate + " }"), null);
        PackageFolder.Make(root, "Throws", Source("Throws", "[CimProvider(\"V_Throws\")] public class P : ICimProvider { public P() => throw new System.InvalidOperationException(\"no licence\"); " + Enumerate + " }"), null);
        PackageFolder.Make(root, "Imports", Source("Imports", "public interface IGone {} [CimProvider(\"V_I\")] public class P : ICimProvider { [System.Composition.ImportingConstructor] public P(IGone gone) {} " + Enumerate + " }"), null);
        PackageFolder.Make(root, "BadMof", PackageFolder.Compile("BadMof", string.Format(PackageFolder.Source, "BadMof")), "class V_BadMof {\n  [Key] strin Id;\n};");
        PackageFolder.Make(root, "BadRule", PackageFolder.Compile("BadRule", string.Format(PackageFolder.Source, "BadRule")), "class V_BadRule { [Key] string Id; V_BadRule REF Other; };");
        PackageFolder.Make(root, "NoMof", PackageFolder.Compile("NoMof", string.Format(PackageFolder.Source, "NoMof")), null);
        PackageFolder.Good(root, "Z_Good");

        await packages.StartAsync();

        (string Name, int Status, string Words)[] expected =
        [
            ("NoManifest", 3, "no provider.json"), ("BadJson", 3, "cannot be read"), ("BadKey", 3, "wendor"), ("bad name", 3, "letters, digits"), ("Leaves", 3, "leaves the package folder"),
            ("a_good", 3, "Another package"), ("WrongAbi", 4, "contract 2.0"), ("NoAssembly", 5, "NoAssembly.dll cannot be loaded"), ("Native", 5, "Native.dll cannot be loaded"), ("Garbage", 5, "cannot be loaded"),
            ("NoProvider", 7, "exports no provider"), ("NoClass", 7, "names no class"), ("Throws", 7, "no licence"), ("Imports", 7, "IGone"),
            ("BadMof", 6, "BadMof.mof:2:9"), ("BadRule", 6, "is no association"), ("NoMof", 6, "V_NoMof"),
        ];
        foreach ((string name, int code, string words) in expected)
        {
            CimInstance status = await packages.StatusAsync(name);
            Assert.Equal((name, (ushort)code), (name, status["PackageStatus"].ToObject()));
            Assert.Contains(words, status["StatusText"].AsString(), StringComparison.Ordinal);
            Assert.Equal(((ushort)20, 0U), (status["HealthState"].ToObject(), status["ProviderCount"].ToObject()));
            Assert.Contains($"Error 2002 Provider package {name} is not in service ({(PackageStatus)code})", packages.Log.Text, StringComparison.Ordinal);
        }

        Assert.Equal(expected.Length + 2, packages.All.All.Count);
        Assert.Equal("from A_Good on test-host", await packages.ReadAsync("A_Good"));
        Assert.Equal("from Z_Good on test-host", await packages.ReadAsync("Z_Good"));
        Assert.Equal(["A_Good", "Z_Good"], packages.Host.Manager.ProviderHealth.Select(h => h.Registration.PackageName).Where(n => n != "test"));
        Assert.Null(packages.Host.Repository.Schema.FindClass(TestHost.Namespace, "V_BadMof"));
    }

    [Fact]
    public async Task A_stopped_package_frees_its_load_context()
    {
        await using Packages packages = await Packages.CreateAsync();
        PackageFolder.Good(packages.Root, "Gone");
        PackageFolder.Good(packages.Root, "Stays");
        WeakReference context = await UseAndStopAsync(packages);

        for (int i = 0; i < 50 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.False(context.IsAlive);
        Assert.Equal("from Stays on test-host", await packages.ReadAsync("Stays"));
        Assert.Equal("", await packages.ReadAsync("Gone"));
        Assert.Equal((PackageStatus.Stopped, PackageStatus.Loaded), (packages.Find("Gone").Status, packages.Find("Stays").Status));
        await packages.All.StartAsync(packages.Find("Gone"), new TestProviderHost(), null, default);
        Assert.Equal("from Gone on test-host", await packages.ReadAsync("Gone"));
    }

    [Fact]
    public async Task A_second_start_compiles_no_MOF()
    {
        await using Packages packages = await Packages.CreateAsync();
        PackageFolder.Good(packages.Root, "Good");
        await packages.StartAsync();
        packages.All.Stop(packages.Find("Good"));

        var installer = new MofInstaller(packages.Host.Repository);
        var loader = new PackageLoader(packages.Log);
        var again = new ProviderPackages(packages.Host.Manager, installer, loader, loader.Find([packages.Root]));
        await again.StartAsync(Assert.Single(again.All), new TestProviderHost(), null, default);

        Assert.Equal(0, installer.CompiledFiles);
        Assert.Equal("from Good on test-host", await packages.ReadAsync("Good"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndStopAsync(Packages packages)
    {
        await packages.StartAsync();
        Assert.Equal("from Gone on test-host", await packages.ReadAsync("Gone"));
        var context = new WeakReference(packages.All.All[0].LoadContext);
        Assert.True(context.IsAlive);
        packages.All.Stop(packages.Find("Gone"));
        return context;
    }
}
