using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>The services of the running host as user worlds: shown, stopped, killed, started again.</summary>
public sealed class ServicesTests : IAsyncLifetime
{
    private const string Sensors = "CimHost.Providers.Sensors";
    private readonly RackServer _machine = new();
    private readonly TemporaryDirectory _state = new();
    private HostProcess _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _machine.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task The_broker_runs_as_worlds_in_their_groups_and_init_watches_them()
    {
        Dictionary<string, string> states = await StatesAsync();
        Assert.All(new[] { "cimom", Sensors, "CimHost.Providers.Ipmi", "local", "wbem", "https" }, name => Assert.Equal("Running", states[name]));
        JsonElement top = await TopAsync();
        Dictionary<string, string> groups = top.GetProperty("worlds").EnumerateArray().ToDictionary(w => w.GetProperty("name").GetString()!, w => w.GetProperty("group").GetString()!);
        Assert.Equal("host/system", groups["init"]);
        Assert.Equal("host/system", groups["wbem"]);
        Assert.Equal($"host/vim/plugins/{Sensors}", groups[Sensors]);
        Assert.True(CpuOf(top, "cimom") > 0, "compiling the schema takes processor time");

        using CimXmlClient client = CimXmlClient.Of(_host);
        CimXmlAnswer worlds = (await client.EnumerateAsync("root/cimv2", "CIM_Process")).Succeeded();
        Assert.Contains(worlds.Instances, w => CimXmlClient.ValueOf(w, "Name") == "init" && CimXmlClient.ValueOf(w, "Handle") == "1");
        CimXmlAnswer pools = (await client.EnumerateAsync("root/cimv2", "CIM_ResourcePool")).Succeeded();
        Assert.Contains(pools.Instances, p => CimXmlClient.ValueOf(p, "InstanceID") == "CimHost:host/vim/plugins#cpu");
        CimXmlAnswer services = (await client.EnumerateAsync("root/cimv2", "CimHost_Service")).Succeeded();
        Assert.Equal(states.Count, services.Instances.Count);
    }

    [Fact]
    public async Task A_stopped_package_is_out_of_service_until_it_is_started()
    {
        using CimXmlClient client = CimXmlClient.Of(_host);
        await ComputerIsToldAsync(client);
        (await RunAsync("service", "stop", Sensors)).Succeeded();
        Assert.Equal("Stopped", (await StatesAsync())[Sensors]);
        CimXmlAnswer packages = (await client.EnumerateAsync("root/cimv2", "CimHost_ProviderPackage")).Succeeded();
        Assert.Equal("8", CimXmlClient.ValueOf(Assert.Single(packages.Instances, p => CimXmlClient.ValueOf(p, "ElementName") == Sensors), "PackageStatus"));
        Assert.NotEmpty((await client.EnumerateAsync("root/cimv2", "OMC_NumericSensor")).Succeeded().Instances);
        (await RunAsync("service", "start", Sensors)).Succeeded();
        await ComputerIsToldAsync(client);

        ToolRun refused = await RunAsync("service", "stop", "cimom");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is required by", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("service", "stop", "ghost")).ExitCode);
    }

    [Fact]
    public async Task A_killed_package_is_started_again_and_the_log_tells_what_it_used()
    {
        int world = await WorldOfAsync(Sensors);
        (await RunAsync("kill", world.ToString(), "--signal", "KILL")).Succeeded();
        await Eventually.HoldsAsync(() => _host.Log.Contains($"Service {Sensors} has crashed: it was ended by SIGKILL", StringComparison.Ordinal), "the log names the killed world");
        Assert.Contains("s of CPU and at most", _host.Log, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await StatesAsync())[Sensors], s => s == "Running", "init starts it again");
        Assert.NotEqual(world, await WorldOfAsync(Sensors));
        using CimXmlClient client = CimXmlClient.Of(_host);
        await ComputerIsToldAsync(client);
        ToolRun wrong = await RunAsync("kill", "99999");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("no world 99999", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_object_manager_is_started_again_under_its_packages_and_listeners()
    {
        (await RunAsync("service", "restart", "cimom")).Succeeded();
        using CimXmlClient client = CimXmlClient.Of(_host);
        await Eventually.HoldsAsync(
            async () => (await client.EnumerateAsync("root/cimv2", "CIM_NumericSensor")).Instances.Count, n => n > 20, "the packages serve the new object manager");
        Assert.Equal(0, await _host.StopAsync());
    }

    [Fact]
    public async Task A_policy_is_kept_over_kill_9()
    {
        (await RunAsync("service", "policy", "https", "off")).Succeeded();
        await _host.KillAsync();
        await _host.DisposeAsync();
        _host = await StartAsync();
        Assert.Equal("Stopped", (await StatesAsync())["https"]);
        (await RunAsync("service", "start", "https")).Succeeded();
        Assert.Equal("Running", (await StatesAsync())["https"]);
        Assert.Equal(1, (await RunAsync("service", "policy", "https", "sometimes")).ExitCode);
    }

    [Fact]
    public async Task A_restarted_listener_shows_the_certificate_that_was_put_in_place()
    {
        string tls = Path.Combine(_state.FullName, "tls");
        Assert.False(await ShowsAsync("CN=replaced"));
        using (var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        using (X509Certificate2 made = new CertificateRequest("CN=replaced", pair, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)))
        {
            await File.WriteAllTextAsync(Path.Combine(tls, "key.pem"), pair.ExportPkcs8PrivateKeyPem());
            await File.WriteAllTextAsync(Path.Combine(tls, "cert.pem"), made.ExportCertificatePem());
        }

        Assert.False(await ShowsAsync("CN=replaced"));
        (await RunAsync("service", "restart", "https")).Succeeded();
        Assert.True(await ShowsAsync("CN=replaced"));

        async Task<bool> ShowsAsync(string subject)
        {
            string? shown = null;
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, _host.ManagementPort);
            await using var stream = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => (shown = certificate?.Subject) == subject);
            try
            {
                await stream.AuthenticateAsClientAsync("localhost");
            }
            catch (AuthenticationException)
            {
                Assert.NotNull(shown);
            }

            return shown == subject;
        }
    }

    [Fact]
    public async Task A_provider_that_spins_or_blocks_keeps_nobody_waiting_and_is_named()
    {
        using CimXmlClient client = CimXmlClient.Of(_host);
        foreach (string unruly in new[] { "Test_Spinner", "Test_Blocker" })
        {
            CimXmlAnswer answer = await client.EnumerateAsync("root/cimv2", unruly);
            Assert.Contains("within 2 s", answer.ErrorDescription, StringComparison.Ordinal);
        }

        Assert.Single((await client.EnumerateAsync("root/cimv2", "Test_Calm")).Succeeded().Instances);
        Assert.NotEmpty((await client.EnumerateAsync("root/cimv2", "CIM_NumericSensor")).Instances);
        await Eventually.HoldsAsync(() => _host.Log.Contains("(Unruly) in host/vim/plugins/Unruly has computed for", StringComparison.Ordinal), "the log names the world that spins");
        await Eventually.HoldsAsync(() => _host.Log.Contains("(Unruly) in host/vim/plugins/Unruly has blocked a worker", StringComparison.Ordinal), "the log names the world that blocks");

        (await RunAsync("service", "restart", "Unruly")).Succeeded();
        await Eventually.HoldsAsync(() => _host.Log.Contains("cannot be stopped", StringComparison.Ordinal), "it is told that its code still runs");
        Assert.Single((await client.EnumerateAsync("root/cimv2", "Test_Calm")).Succeeded().Instances);
    }

    // Just after a start all parts are looked at for the first time, which takes longer than this host's short deadline on a busy computer.
    private static Task ComputerIsToldAsync(CimXmlClient client) =>
        Eventually.HoldsAsync(() => client.EnumerateAsync("root/cimv2", "CimHost_ComputerSystem"), a => a.ErrorCode == 0 && a.Instances.Count == 1, "the computer");

    private static double CpuOf(JsonElement top, string name) =>
        top.GetProperty("worlds").EnumerateArray().Single(w => w.GetProperty("name").GetString() == name).GetProperty("usage").GetProperty("cpu").GetDouble();

    private async Task<int> WorldOfAsync(string name) =>
        (await TopAsync()).GetProperty("worlds").EnumerateArray().Single(w => w.GetProperty("name").GetString() == name && w.GetProperty("state").GetString() != "Zombie").GetProperty("worldId").GetInt32();

    private async Task<JsonElement> TopAsync() => JsonDocument.Parse((await RunAsync("top", "-n", "1", "-d", "0.1", "--json")).Succeeded().Output).RootElement;

    private async Task<Dictionary<string, string>> StatesAsync() => JsonDocument.Parse((await RunAsync("service", "list", "--json")).Succeeded().Output)
        .RootElement.EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!, s => s.GetProperty("state").GetString()!);

    private Task<ToolRun> RunAsync(params string[] arguments) => _host.ClientAsync(arguments);

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync(new HostSettings
    {
        StateDirectory = _state.FullName,
        Machine = _machine.Folder,
        Arguments = [$"--ProviderDirectories:0={RepositoryRoot.PathOf("tests/CimHost.Unruly/bin/Release")}", "--Dispatch:DeadlineSeconds=2"],
    });
}
