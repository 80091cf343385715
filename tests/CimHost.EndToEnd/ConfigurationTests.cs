using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Wrong configuration: one line that names the key, the value and what is allowed; exit code 2.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("--Endpoints:CimXmlHtp=127.0.0.1:1", "Endpoints:CimXmlHtp", "Endpoints:CimXmlHttp")]
    [InlineData("--Endpoints:CimXmlHttp=localhost", "Endpoints:CimXmlHttp", "localhost")]
    [InlineData("--Endpoints:CimXmlHttp=127.0.0.1:70000", "Endpoints:CimXmlHttp", "127.0.0.1:70000")]
    [InlineData("--Machine=/nonexistent/machine", "Machine", "/nonexistent/machine")]
    [InlineData("--SystemRoot=/nonexistent/root", "SystemRoot", "/nonexistent/root")]
    [InlineData("--Dispatch:DeadlineSeconds=soon", "Dispatch:DeadlineSeconds", "soon")]
    [InlineData("--Dispatch:DeadlineSeconds=0", "Dispatch:DeadlineSeconds", "0.1")]
    [InlineData("--Bmcs:0:Name=a b", "Bmcs:0:Name", "a b")]
    [InlineData("--Bmcs:0:Port=623", "Bmcs:0:Port", "Address")]
    [InlineData("--Kernel:ResourceGroups:host/user:CpuLimit=much", "Kernel:ResourceGroups:host/user:CpuLimit", "much")]
    [InlineData("--Kernel:ResourceGroups:host/user:CpuLimits=1", "Kernel:ResourceGroups:host/user:CpuLimits", "CpuLimit")]
    [InlineData("--Nonsense", "Nonsense", "")]
    [InlineData("--Endpoints=yes", "Endpoints", "yes")]
    public async Task A_wrong_setting_ends_the_start_with_one_line_and_exit_code_2(string argument, string key, string alsoNamed)
    {
        using var state = new TemporaryDirectory();
        ToolRun run = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["CIMHOST_ROOT_PASSWORD"] = HostSettings.Password }, "serve", $"--StateDirectory={state.FullName}", argument);

        Assert.True(run.ExitCode == 2, run.ToString());
        string line = Assert.Single((run.Output + run.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(key, line, StringComparison.Ordinal);
        Assert.Contains(alsoNamed, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host/nobody/group:CpuLimit=1000", "host/nobody")]
    [InlineData("host/user:CpuReservation=9000000", "9000000")]
    [InlineData("host/user:CpuShares=0", "0 shares")]
    public async Task A_resource_group_that_cannot_be_had_ends_the_start_with_exit_code_2(string group, string named)
    {
        using var state = new TemporaryDirectory();
        ToolRun run = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["CIMHOST_ROOT_PASSWORD"] = HostSettings.Password }, "serve", $"--StateDirectory={state.FullName}", $"--Kernel:ResourceGroups:{group}");

        Assert.True(run.ExitCode == 2, run.ToString());
        string line = (run.Output + run.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Single(l => l.StartsWith("Kernel:ResourceGroups:host/", StringComparison.Ordinal));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configured_resource_groups_are_there_with_what_they_are_given()
    {
        const string Key = "--Kernel:ResourceGroups:host/vim/plugins/raid.watch";
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Arguments = [$"{Key}:CpuLimit=200", $"{Key}:MemoryLimit=64", "--Kernel:ResourceGroups:host/user:CpuShares=1234"] });
        using CimXmlClient client = CimXmlClient.Of(host);
        CimXmlAnswer groups = (await client.EnumerateAsync("root/cimv2", "CimHost_ResourceGroup")).Succeeded();
        string? ValueOf(string id, string property) => CimXmlClient.ValueOf(groups.Instances.Single(g => CimXmlClient.ValueOf(g, "InstanceID") == id), property);
        Assert.Equal("200", ValueOf("CimHost:host/vim/plugins/raid.watch#cpu", "Capacity"));
        Assert.Equal("67108864", ValueOf("CimHost:host/vim/plugins/raid.watch#memory", "Capacity"));
        Assert.Equal("1234", ValueOf("CimHost:host/user#cpu", "Shares"));
    }

    [Fact]
    public async Task An_unknown_environment_variable_of_the_host_is_refused_too()
    {
        using var state = new TemporaryDirectory();
        ToolRun run = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["CIMHOST_Endpoints__CimXmlHttpz"] = "127.0.0.1:1" }, "serve", $"--StateDirectory={state.FullName}");

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains("Endpoints:CimXmlHttpz", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_in_one_line_with_exit_code_other_than_0()
    {
        await using HostProcess first = await HostProcess.StartAsync();
        using var state = new TemporaryDirectory();
        ToolRun run = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["CIMHOST_ROOT_PASSWORD"] = HostSettings.Password },
            "serve", $"--StateDirectory={state.FullName}", $"--Endpoints:CimXmlHttp=127.0.0.1:{first.HttpPort}", "--Endpoints:CimXmlHttps=", "--Endpoints:Snmp=", "--Endpoints:Https=");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(first.HttpPort.ToString(), run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_with_an_empty_address_is_off()
    {
        // The last of two values for a key counts.
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Arguments = ["--Endpoints:CimXmlHttps="] });

        System.Net.Sockets.SocketException refused = await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => RawConnection.OpenAsync(host.HttpsPort));
        Assert.Equal(System.Net.Sockets.SocketError.ConnectionRefused, refused.SocketErrorCode);
        using RawConnection http = await RawConnection.OpenAsync(host.HttpPort);
    }
}
