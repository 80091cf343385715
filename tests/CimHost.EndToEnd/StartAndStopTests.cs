using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>The life of the process: start, password, signals.</summary>
public sealed partial class StartAndStopTests
{
    [Fact]
    public async Task With_the_emulated_rack_server_the_host_becomes_ready_and_serves_its_sensors()
    {
        using var machine = new RackServer();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder });
        using CimXmlClient client = CimXmlClient.Of(host);

        CimXmlAnswer sensors = (await client.EnumerateAsync("root/cimv2", "CIM_NumericSensor")).Succeeded();

        Assert.True(sensors.Instances.Count >= 12, $"Only {sensors.Instances.Count} numeric sensors:\n{sensors.Body}");
        Assert.All(sensors.Instances, i => Assert.False(string.IsNullOrEmpty(CimXmlClient.ValueOf(i, "ElementName"))));
    }

    [Fact]
    public async Task Without_a_machine_the_host_becomes_ready_on_this_computer()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        using CimXmlClient client = CimXmlClient.Of(host);

        // Whether this computer has a BMC is not known; the question has an answer all the same.
        (await client.EnumerateAsync("root/cimv2", "CIM_NumericSensor")).Succeeded();
        Assert.Single((await client.EnumerateAsync("interop", "CIM_ObjectManager")).Succeeded().Instances);
    }

    [Fact]
    public async Task Without_a_password_the_first_start_prints_a_random_one_once_and_it_works()
    {
        using var state = new TemporaryDirectory();
        var settings = new HostSettings { StateDirectory = state.FullName, RootPassword = null };
        string password;
        await using (HostProcess host = await HostProcess.StartAsync(settings))
        {
            Match printed = await Eventually.HoldsAsync(() => Task.FromResult(PrintedPassword().Match(host.Log)), m => m.Success, "the password on the console");
            password = printed.Groups[1].Value;
            Assert.True(password.Length >= 12, $"'{password}' is short");
            using var client = new CimXmlClient(host.Http, "root", password);
            (await client.EnumerateAsync("interop", "CIM_ObjectManager")).Succeeded();
        }

        await using HostProcess again = await HostProcess.StartAsync(settings);
        Assert.DoesNotContain(password, again.Log, StringComparison.Ordinal);
        Assert.DoesNotMatch(PrintedPassword(), again.Log);
        using var later = new CimXmlClient(again.Http, "root", password);
        (await later.EnumerateAsync("interop", "CIM_ObjectManager")).Succeeded();
    }

    [Fact]
    public async Task Two_first_starts_print_different_passwords()
    {
        string[] passwords = await Task.WhenAll(FirstPasswordAsync(), FirstPasswordAsync());

        Assert.NotEqual(passwords[0], passwords[1]);
    }

    [Fact]
    public async Task A_configured_password_never_appears_in_what_the_host_prints_or_in_its_arguments()
    {
        const string password = "Very-Secret-Word-81";
        using var state = new TemporaryDirectory();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { StateDirectory = state.FullName, RootPassword = password });
        using CimXmlClient client = CimXmlClient.Of(host);
        (await client.EnumerateAsync("interop", "CIM_ObjectManager")).Succeeded();

        Assert.DoesNotContain(password, host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(password, await File.ReadAllTextAsync($"/proc/{host.Id}/cmdline"), StringComparison.Ordinal);
        // The host keeps its lock and its swap file, which is empty as long as the ramdisks are small, to itself.
        foreach (string file in Directory.EnumerateFiles(state.FullName, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is not ".sock" && Path.GetFileName(f) is not ("lock" or "uwswap.swp")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(password, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SIGTERM_ends_the_host_with_exit_code_0()
    {
        await using HostProcess host = await HostProcess.StartAsync();

        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task SIGTERM_lets_a_request_in_flight_finish()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        using RawConnection connection = await RawConnection.OpenAsync(host.HttpPort);
        string body = CimXmlMessage.Call("interop", "EnumerateInstances", ("ClassName", CimXmlMessage.ClassName("CIM_Namespace")));
        byte[] request = RawConnection.Request("POST", host, System.Text.Encoding.UTF8.GetBytes(body), "Expect: 100-continue");
        int head = request.Length - body.Length;

        // The host answers 100 Continue when it begins to read the body: from then on the request is in flight.
        await connection.SendAsync(request.AsMemory(0, head));
        Assert.Equal(100, await connection.ReadInterimAsync());
        host.BeginStop();
        await Eventually.HoldsAsync(async () => await CannotConnectAsync(host.HttpPort), refused => refused, "the listener to close");
        await connection.SendAsync(request.AsMemory(head));
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(200, answer.Status);
        Assert.Contains("CIM_Namespace", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task An_address_in_use_is_told_in_one_line_that_names_its_key()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        using var state = new TemporaryDirectory();
        ToolRun second = await HostProcess.RunAsync(
            new Dictionary<string, string?>(), "serve", $"--StateDirectory={state.FullName}", $"--Endpoints:CimXmlHttp=127.0.0.1:{host.HttpPort}", "--Endpoints:CimXmlHttps=", "--Endpoints:Snmp=", "--Endpoints:Https=");

        Assert.Equal(1, second.ExitCode);
        string line = Assert.Single(second.Error.Split('\n'), l => l.StartsWith("cimhost cannot start", StringComparison.Ordinal));
        Assert.Contains($"Endpoints:CimXmlHttp = 127.0.0.1:{host.HttpPort}: another program listens there", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_computer_is_told_in_one_line_that_names_its_key()
    {
        using var state = new TemporaryDirectory();
        ToolRun run = await HostProcess.RunAsync(
            new Dictionary<string, string?>(), "serve", $"--StateDirectory={state.FullName}", "--Endpoints:CimXmlHttp=203.0.113.5:15988", "--Endpoints:CimXmlHttps=", "--Endpoints:Snmp=", "--Endpoints:Https=");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Endpoints:CimXmlHttp = 203.0.113.5:15988: this computer does not have that address", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> CannotConnectAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(System.Net.IPAddress.Loopback, port);
            return false;
        }
        catch (System.Net.Sockets.SocketException e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.ConnectionRefused)
        {
            return true;
        }
        catch (System.Net.Sockets.SocketException e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.ConnectionReset)
        {
            // The connection waited in the queue of a listener that closed just then; only a refusal says that it is closed.
            return false;
        }
    }

    private static async Task<string> FirstPasswordAsync()
    {
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { RootPassword = null });
        return (await Eventually.HoldsAsync(() => Task.FromResult(PrintedPassword().Match(host.Log)), m => m.Success, "the password on the console")).Groups[1].Value;
    }

    [GeneratedRegex(@"user root, password (\S+)")]
    private static partial Regex PrintedPassword();
}
