using System.Net;
using System.Text.Json;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Users, roles and permissions on the running host, by its commands and through WBEM.</summary>
public sealed class UsersTests : IAsyncLifetime
{
    private const string GuestPassword = "battery-Staple-9x";
    private const string OtherPassword = "other-Staple-9x";
    private const int AccessDenied = 2;
    private const int MethodNotFound = 17;
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
    public async Task A_new_password_of_root_counts_at_once_and_after_kill_9()
    {
        using var before = new CimXmlClient(_host.Http, "root", HostSettings.Password);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(before));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(before));
        await RunAsync(0, GuestPassword, "user", "set", "root", "--password");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(before));
        using (var after = new CimXmlClient(_host.Http, "root", GuestPassword))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(after));
        }

        await _host.KillAsync();
        await _host.DisposeAsync();
        _host = await StartAsync();
        using var old = new CimXmlClient(_host.Http, "root", HostSettings.Password);
        using var later = new CimXmlClient(_host.Http, "root", GuestPassword);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(later));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old));
    }

    [Fact]
    public async Task A_ReadOnly_user_reads_everything_and_writes_nothing()
    {
        await RunAsync(0, GuestPassword, "user", "add", "guest", "--role", "ReadOnly");
        using CimXmlClient guest = Guest();
        using CimXmlClient root = CimXmlClient.Of(_host);
        foreach (string className in new[] { "CIM_NumericSensor", "CIM_Chassis", "CIM_RecordLog" })
        {
            Assert.Equal(
                (await root.EnumerateAsync("root/cimv2", className)).Succeeded().Instances.Count,
                (await guest.EnumerateAsync("root/cimv2", className)).Succeeded().Instances.Count);
        }

        (await guest.EnumerateAsync("root/interop", "CIM_RegisteredProfile")).Succeeded();
        CimXmlAnswer[] changes =
        [
            await guest.CallAsync("root/cimv2", "CreateClass", ("NewClass", CimXmlMessage.ClassDeclaration("TEST_Thing"))),
            await guest.CallAsync("root/cimv2", "DeleteClass", ("ClassName", CimXmlMessage.ClassName("CIM_Fan"))),
            await guest.CallAsync("root/cimv2", "CreateInstance", ("NewInstance", CimXmlMessage.Instance("CIM_Fan", "x", 1))),
            await guest.CallAsync("root/cimv2", "DeleteQualifier", ("QualifierName", CimXmlMessage.Value("Key"))),
            await MethodAsync(guest),
        ];
        Assert.All(changes, answer => Assert.True(answer.ErrorCode == AccessDenied, answer.Body));
        Assert.Contains("guest", changes[0].ErrorDescription, StringComparison.Ordinal);
        Assert.NotEqual(AccessDenied, (await MethodAsync(root)).ErrorCode);
    }

    [PeerFact("wbemcli")]
    public async Task Wbemcli_as_a_ReadOnly_user_reads_and_is_denied_to_write()
    {
        Peer.Require("wbemcli");
        await RunAsync(0, GuestPassword, "user", "add", "guest", "--role", "ReadOnly");
        var guest = new Wbemcli("http", "guest", GuestPassword, $"127.0.0.1:{_host.HttpPort}");
        string path = Assert.Single(await guest.PathsAsync("ein", "root/cimv2:OMC_Chassis"));
        ToolRun denied = await guest.RunAsync("di", path);
        Assert.NotEqual(0, denied.ExitCode);
        Assert.Contains("CIM_ERR_ACCESS_DENIED", denied.Output + denied.Error, StringComparison.Ordinal);
        Assert.Single(await guest.PathsAsync("ein", "root/cimv2:OMC_Chassis"));
    }

    [Fact]
    public async Task A_permission_counts_with_the_next_request_and_for_its_namespace_only()
    {
        await RunAsync(0, GuestPassword, "user", "add", "guest");
        using CimXmlClient guest = Guest();
        Assert.Equal(AccessDenied, (await guest.EnumerateAsync("root/cimv2", "CIM_Chassis")).ErrorCode);
        Assert.Equal(AccessDenied, (await guest.EnumerateAsync("root/nowhere", "CIM_Chassis")).ErrorCode);

        await RunAsync(0, null, "permission", "set", "users", "CimOperator", "--is-group", "--path", "cim:root/cimv2");
        (await guest.EnumerateAsync("root/cimv2", "CIM_Chassis")).Succeeded();
        Assert.Equal(MethodNotFound, (await MethodAsync(guest)).ErrorCode);
        Assert.Equal(AccessDenied, (await guest.CallAsync("root/cimv2", "DeleteClass", ("ClassName", CimXmlMessage.ClassName("CIM_Fan")))).ErrorCode);
        Assert.Equal(AccessDenied, (await guest.EnumerateAsync("interop", "CIM_Namespace")).ErrorCode);

        await RunAsync(0, null, "permission", "remove", "users", "--is-group", "--path", "cim:root/cimv2");
        Assert.Equal(AccessDenied, (await guest.EnumerateAsync("root/cimv2", "CIM_Chassis")).ErrorCode);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_root_out_and_the_local_socket_stays()
    {
        using CimXmlClient root = CimXmlClient.Of(_host);
        using var wrong = new CimXmlClient(_host.Http, "root", "wrong");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(root));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(wrong));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(root));
        Assert.Contains("User root is locked out for 900 s after 5 wrong passwords", _host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(HostSettings.Password, _host.Log, StringComparison.Ordinal);
        Assert.Equal("LockedOut", (await UserAsync("root")).GetProperty("state").GetString());

        await RunAsync(0, null, "user", "unlock", "root");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(root));
    }

    [Fact]
    public async Task A_user_changes_the_own_password_over_HTTPS_and_nothing_else()
    {
        await RunAsync(0, GuestPassword, "user", "add", "guest", "--role", "ReadOnly");
        string[] remote = ["--host", $"https://127.0.0.1:{_host.HttpsPort}", "--insecure", "--user", "guest"];
        await RunAsync(0, OtherPassword, ["user", "set", "guest", "--password", .. remote], GuestPassword);
        await RunAsync(3, null, ["user", "list", .. remote], GuestPassword);
        await RunAsync(0, null, ["user", "list", .. remote], OtherPassword);

        foreach (string[] command in new[]
        {
            ["user", "set", "root", "--password"],
            ["user", "set", "guest", "--password", "--role", "Administrator"],
            ["user", "set", "guest", "--role", "Administrator"],
            ["user", "add", "other", "--no-password"],
            ["user", "remove", "guest"],
            ["user", "unlock", "guest"],
            ["group", "add", "staff"],
            ["group", "member", "localadmin", "--add", "guest"],
            ["role", "add", "Mine", "--privilege", "Users.Manage"],
            (string[])["permission", "set", "guest", "Administrator"],
        })
        {
            ToolRun run = await RunAsync(1, GuestPassword, [.. command, .. remote], OtherPassword);
            Assert.Contains("Users.Manage", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_password_goes_neither_over_plain_HTTP_nor_by_argument()
    {
        ToolRun refused = await RunAsync(2, GuestPassword, ["user", "set", "root", "--password", "--host", $"http://127.0.0.1:{_host.HttpPort}", "--user", "root"], HostSettings.Password);
        Assert.Contains("https://", refused.Error, StringComparison.Ordinal);
        ToolRun missing = await RunAsync(2, null, "user", "set", "root", "--password");
        Assert.Contains("CIMHOST_NEW_PASSWORD", missing.Error, StringComparison.Ordinal);
        await RunAsync(2, null, "user", "set", "root", "--password", GuestPassword);

        // Who sends it all the same is told that it is known now.
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = CimXmlClient.Basic("root", HostSettings.Password);
        using var content = new StringContent($$"""{"name":"root","password":"{{GuestPassword}}"}""");
        using HttpResponseMessage answer = await client.PostAsync(new Uri(_host.Http, "/admin/accounts/user/set"), content);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("choose another", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using CimXmlClient root = CimXmlClient.Of(_host);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(root));
    }

    [Fact]
    public async Task Groups_roles_and_permissions_are_made_shown_and_removed()
    {
        await RunAsync(0, GuestPassword, "user", "add", "guest", "--description", "A guest");
        await RunAsync(0, null, "group", "add", "staff", "--gid", "2000");
        await RunAsync(0, null, "group", "member", "staff", "--add", "guest");
        await RunAsync(0, null, "role", "add", "Lab", "--privilege", "Cim.Read", "--privilege", "Cim.Method");
        await RunAsync(0, null, "permission", "set", "staff", "Lab", "--is-group", "--path", "cim:root", "--no-propagate");
        Assert.Contains("guest", Row(await RunAsync(0, null, "group", "list"), "staff"), StringComparison.Ordinal);
        Assert.Contains("Cim.Read, Cim.Method", Row(await RunAsync(0, null, "role", "list"), "Lab"), StringComparison.Ordinal);
        Assert.Matches("group +staff +Lab +no", Row(await RunAsync(0, null, "permission", "list"), "cim:root"));
        Assert.Equal(["users", "staff"], (await UserAsync("guest")).GetProperty("groups").EnumerateArray().Select(g => g.GetString()));

        Assert.Contains("in use", (await RunAsync(1, null, "role", "remove", "Lab")).Error, StringComparison.Ordinal);
        Assert.Contains("\"message\":", (await RunAsync(1, null, "role", "remove", "Lab", "--json")).Error, StringComparison.Ordinal);
        await RunAsync(0, null, "group", "remove", "staff");
        await RunAsync(0, null, "role", "remove", "Lab");
        await RunAsync(0, null, "user", "remove", "guest");
        Assert.DoesNotContain("guest", (await RunAsync(0, null, "user", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("too weak", (await RunAsync(1, "weak", "user", "add", "guest")).Error, StringComparison.Ordinal);
        Assert.Contains("administrator of the whole host", (await RunAsync(1, null, "user", "set", "root", "--lock")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_of_a_namespace_is_changed_by_those_who_may_write_it()
    {
        await RunAsync(0, GuestPassword, "user", "add", "guest", "--role", "ReadOnly");
        _state.Write("a.mof", "class TEST_Own { [Key] string Id; };");
        _state.Write("b.mof", "#pragma namespace (\"root/interop\")\nclass TEST_Other { [Key] string Id; };");
        string[] remote = ["--host", $"http://127.0.0.1:{_host.HttpPort}", "--user", "guest"];
        string a = Path.Combine(_state.FullName, "a.mof");
        Assert.NotEqual(0, (await ToolAsync(null, ["mof", "compile", a, .. remote], GuestPassword)).ExitCode);
        await RunAsync(0, null, "permission", "set", "guest", "Administrator", "--path", "cim:root/cimv2");
        await RunAsync(0, null, ["mof", "compile", a, .. remote], GuestPassword);
        Assert.NotEqual(0, (await ToolAsync(null, ["mof", "compile", Path.Combine(_state.FullName, "b.mof"), .. remote], GuestPassword)).ExitCode);
    }

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync(new HostSettings { Machine = _machine.Folder, StateDirectory = _state.FullName });

    private CimXmlClient Guest() => new(_host.Http, "guest", GuestPassword);

    private static async Task<HttpStatusCode> StatusAsync(CimXmlClient client) =>
        (await client.PostAsync(CimXmlMessage.Call("root/cimv2", "GetClass", ("ClassName", CimXmlMessage.ClassName("CIM_Fan"))))).Status;

    private static Task<CimXmlAnswer> MethodAsync(CimXmlClient client) => client.PostAsync(CimXmlMessage.Message(
        $"""<SIMPLEREQ><METHODCALL NAME="Explode"><LOCALCLASSPATH>{CimXmlMessage.NamespacePath("root/cimv2")}{CimXmlMessage.ClassName("CIM_NumericSensor")}</LOCALCLASSPATH></METHODCALL></SIMPLEREQ>"""));

    private async Task<JsonElement> UserAsync(string name)
    {
        ToolRun run = await RunAsync(0, null, "user", "list", "--json");
        return JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Single(u => u.GetProperty("name").GetString() == name);
    }

    private static string Row(ToolRun run, string first) => Assert.Single(run.Lines, l => l.Split(' ')[0] == first);

    private Task<ToolRun> RunAsync(int exitCode, string? newPassword, params string[] arguments) => RunAsync(exitCode, newPassword, arguments, null);

    private async Task<ToolRun> RunAsync(int exitCode, string? newPassword, string[] arguments, string? password)
    {
        ToolRun run = await ToolAsync(newPassword, arguments, password);
        Assert.True(run.ExitCode == exitCode, $"expected exit code {exitCode}: {run}");
        return run;
    }

    private Task<ToolRun> ToolAsync(string? newPassword, string[] arguments, string? password) => HostProcess.RunAsync(
        new Dictionary<string, string?> { ["CIMHOST_StateDirectory"] = _state.FullName, ["CIMHOST_NEW_PASSWORD"] = newPassword, ["CIMHOST_PASSWORD"] = password }, arguments);
}
