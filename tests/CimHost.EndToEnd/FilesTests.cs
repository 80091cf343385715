using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Files over HTTPS, with curl, as users of each role.</summary>
public sealed class FilesTests : IAsyncLifetime
{
    private const string UserPassword = "battery-Staple-9x";

    private readonly TemporaryDirectory _folder = new();
    private HostProcess _host = null!;

    private string Configuration => Path.Combine(_folder.FullName, "host.json");

    private string Datastore => Path.Combine(_folder.FullName, "datastore");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Datastore, "vm"));
        await File.WriteAllTextAsync(Path.Combine(Datastore, "vm", "disk"), "disk");
        await File.WriteAllTextAsync(Configuration, "{ }");
        _host = await HostProcess.StartAsync(new HostSettings
        {
            Arguments = [$"--config={Configuration}", "--Datastores:0:Name=store 1", $"--Datastores:0:Path={Datastore}", "--Kernel:RamdiskMegabytes=16"],
        });
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    // What each role may: GET, PUT and DELETE on each area.
    [Theory]
    [InlineData("Administrator", "200 204 204", "200 204 204", "200 204 403")]
    [InlineData("ReadOnly", "200 403 403", "200 403 403", "200 403 403")]
    [InlineData("CimOperator", "403 403 403", "403 403 403", "403 403 403")]
    [InlineData("NoAccess", "403 403 403", "403 403 403", "403 403 403")]
    public async Task Each_role_may_what_its_privileges_say(string role, string temporary, string folder, string host)
    {
        await AddUserAsync("user", role);
        Assert.Equal("201", (await CurlAsync("root", "/tmp/file", "-T", await LocalAsync("content"))).Status);
        Assert.Equal(temporary, await TryAsync("/tmp/file", "other"));
        Assert.Equal(folder, await TryAsync("/folder/vm/disk?dcPath=ha-datacenter&dsName=store%201", "other"));
        Assert.Equal(host, await TryAsync("/host/cimhost.json", "{ }"));
    }

    [Fact]
    public async Task A_permission_on_one_datastore_opens_that_one_and_nothing_else()
    {
        await AddUserAsync("user", "NoAccess");
        await ClientAsync("permission", "set", "user", "Administrator", "--path", "file:/folder/store 1");
        Assert.Equal("200", (await CurlAsync("user", "/folder/vm/disk?dsName=store%201")).Status);
        Assert.Equal("403", (await CurlAsync("user", "/tmp")).Status);
        Assert.Equal("403", (await CurlAsync("user", "/host")).Status);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_wrong_configuration_is_refused_with_the_reason_and_a_right_one_takes_effect()
    {
        (string status, string text) = await CurlAsync("root", "/host/cimhost.json", "-T", await LocalAsync("{ \"Security\": { \"AccountLockFailures\": \"many\" } }"));
        Assert.Equal("422", status);
        Assert.Contains("Security:AccountLockFailures", text, StringComparison.Ordinal);
        Assert.Equal("{ }", await File.ReadAllTextAsync(Configuration));
        Assert.False(File.Exists(Configuration + ".new"));

        File.SetUnixFileMode(Configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await AddUserAsync("user", "ReadOnly");
        Assert.Equal("204", (await CurlAsync("root", "/host/cimhost.json", "-T", await LocalAsync("{ \"Security\": { \"AccountLockFailures\": 1 } }"))).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Configuration));
        Assert.Equal("401", (await CurlAsync("user", "/tmp", "wrong")).Status);
        Assert.Equal("401", (await CurlAsync("user", "/tmp")).Status);
    }

    [Fact]
    public async Task A_file_larger_than_the_memory_of_the_ramdisks_reads_back_intact()
    {
        string local = Path.Combine(_folder.FullName, "large");
        byte[] content = new byte[48 << 20];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(local, content);
        Assert.Equal("201", (await CurlAsync("root", "/tmp/large", "-T", local)).Status);
        string back = Path.Combine(_folder.FullName, "back");
        Assert.Equal("200", (await CurlAsync("root", "/tmp/large", "-o", back)).Status);
        byte[] read = await File.ReadAllBytesAsync(back);
        Assert.True(content.AsSpan().SequenceEqual(read));
        Assert.True(new FileInfo(Path.Combine(_host.StateDirectory, "scratch", "swap", "uwswap.swp")) is { Exists: true, Length: 1 << 30 });
    }

    [Fact]
    public async Task An_upload_goes_on_in_parts_and_is_seen_when_it_is_whole()
    {
        string part = await LocalAsync("0123");
        Assert.Equal("202", (await CurlAsync("root", "/tmp/parts", "-T", part, "-H", "Content-Range: bytes 0-3/8")).Status);
        Assert.Equal("404", (await CurlAsync("root", "/tmp/parts")).Status);
        Assert.DoesNotContain("upload", (await CurlAsync("root", "/tmp")).Text, StringComparison.Ordinal);
        Assert.Equal("201", (await CurlAsync("root", "/tmp/parts", "-T", part, "-H", "Content-Range: bytes 4-7/8")).Status);
        Assert.Equal(("206", "23012"), await CurlAsync("root", "/tmp/parts", "-r", "2-6"));
    }

    [Fact]
    public async Task A_link_in_a_datastore_leads_nowhere()
    {
        File.CreateSymbolicLink(Path.Combine(Datastore, "etc"), "/etc");
        File.CreateSymbolicLink(Path.Combine(Datastore, "vm", "passwd"), "/etc/passwd");
        Assert.Equal("404", (await CurlAsync("root", "/folder/etc/passwd?dsName=store%201")).Status);
        Assert.Equal("404", (await CurlAsync("root", "/folder/vm/passwd?dsName=store%201")).Status);

        // A PUT takes the link's place and does not write where it leads.
        string before = await File.ReadAllTextAsync("/etc/passwd");
        await CurlAsync("root", "/folder/vm/passwd?dsName=store%201", "-T", await LocalAsync("x"));
        Assert.Equal(before, await File.ReadAllTextAsync("/etc/passwd"));
    }

    // state.tgz holds the hashes of the passwords.
    [Theory]
    [InlineData("/tmp/bootbank/state.tgz"), InlineData("/tmp/bootbank"), InlineData("/host/bootbank/state.tgz"), InlineData("/host/state.tgz")]
    [InlineData("/folder/state.tgz?dsName=BOOTBANK1"), InlineData("/folder?dsName=BOOTBANK1"), InlineData("/folder?dsName=BOOTBANK2")]
    [InlineData("/folder/state.tgz?dsName=UUID"), InlineData("/folder?dsName=UUID"), InlineData("/folder/boot.cfg?dcPath=ha-datacenter&dsName=UUID")]
    [InlineData("/folder/..%2FBOOTBANK1%2Fstate.tgz?dsName=store%201"), InlineData("/folder/state.tgz?dsName=..%2F..%2Fbootbank")]
    [InlineData("/folder/bank/state.tgz?dsName=store%201"), InlineData("/folder/bank?dsName=store%201"), InlineData("/folder/state?dsName=store%201")]
    [InlineData("/bootbank/state.tgz"), InlineData("/vmfs/volumes/BOOTBANK1/state.tgz")]
    public async Task Nobody_sees_what_is_in_a_boot_bank(string path)
    {
        string bank = Path.Combine(_host.StateDirectory, "bootbank1");
        string[] before = await ContentsAsync(bank);
        Directory.CreateSymbolicLink(Path.Combine(Datastore, "bank"), bank);
        File.CreateSymbolicLink(Path.Combine(Datastore, "state"), Path.Combine(bank, "state.tgz"));
        path = path.Replace("UUID", await BankIdentityAsync(bank), StringComparison.Ordinal);
        foreach (string[] how in (string[][])[[], ["-I"]])
        {
            (string status, string text) = await CurlAsync("root", path, [.. how, "--path-as-is"]);
            Assert.True(status is "400" or "403" or "404", $"{string.Join(' ', how)} {path}: {status} {text}");
        }

        // Where these succeed, they were about a link in the datastore.
        await CurlAsync("root", path, "--path-as-is", "-T", await LocalAsync("x"));
        await CurlAsync("root", path, "--path-as-is", "-X", "DELETE");
        Assert.Equal(before, await ContentsAsync(bank));
        Assert.DoesNotContain("BOOTBANK", (await CurlAsync("root", "/folder")).Text, StringComparison.Ordinal);
    }

    private static async Task<string[]> ContentsAsync(string folder)
    {
        List<string> files = [];
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            files.Add($"{Path.GetFileName(file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file)))}");
        }

        Assert.Contains(files, f => f.StartsWith("state.tgz ", StringComparison.Ordinal));
        return [.. files];
    }

    // As the host makes it of the path of the bank.
    private static async Task<string> BankIdentityAsync(string bank)
    {
        byte[] path = System.Text.Encoding.UTF8.GetBytes(bank);
        using var stream = new MemoryStream(path);
        string hash = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream));
        return $"{hash[..8]}-{hash[8..16]}-{hash[16..20]}-{hash[20..32]}";
    }

    [Fact]
    public async Task A_session_cookie_works_until_the_password_changes()
    {
        await AddUserAsync("user", "ReadOnly");
        string jar = Path.Combine(_folder.FullName, "cookies");
        Assert.Equal("200", (await CurlAsync("user", "/tmp", "-c", jar)).Status);
        Assert.Contains("vmware_soap_session", await File.ReadAllTextAsync(jar), StringComparison.Ordinal);
        Assert.Equal("200", (await CurlAsync(null, "/tmp", "-b", jar)).Status);
        await ClientAsync("user", "set", "user", "--password");
        Assert.Equal("401", (await CurlAsync(null, "/tmp", "-b", jar)).Status);
    }

    [Fact]
    public async Task The_log_can_be_read_and_files_are_not_served_where_CIM_is()
    {
        Assert.Contains("Schema in place", (await CurlAsync("root", "/host/cimhost.log")).Text, StringComparison.Ordinal);
        ToolRun other = await Tool.RunAsync("curl", "-s", "-u", $"root:{HostSettings.Password}", "-o", "/dev/null", "-w", "%{http_code}", $"http://127.0.0.1:{_host.HttpPort}/host");
        Assert.Equal("404", other.Output);
    }

    private async Task<string> TryAsync(string path, string content)
    {
        string local = await LocalAsync(content);
        string get = (await CurlAsync("user", path)).Status;
        string put = (await CurlAsync("user", path, "-T", local)).Status;
        string delete = (await CurlAsync("user", path, "-X", "DELETE")).Status;
        return $"{get} {put} {delete}";
    }

    private async Task<string> LocalAsync(string content)
    {
        string path = Path.Combine(_folder.FullName, string.Create(CultureInfo.InvariantCulture, $"local-{Guid.NewGuid():N}"));
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    private async Task AddUserAsync(string name, string role) => await ClientAsync("user", "add", name, "--role", role);

    private async Task ClientAsync(params string[] arguments) => (await HostProcess.RunAsync(
        new Dictionary<string, string?> { ["CIMHOST_StateDirectory"] = _host.StateDirectory, ["CIMHOST_NEW_PASSWORD"] = UserPassword }, arguments)).Succeeded();

    // The last of the arguments after the path may be "wrong" for a wrong password.
    private async Task<(string Status, string Text)> CurlAsync(string? user, string path, params string[] arguments)
    {
        string password = arguments is ["wrong"] ? "wrong" : user == "root" ? HostSettings.Password : UserPassword;
        string[] login = user is null ? [] : ["-u", $"{user}:{password}"];
        string[] rest = arguments is ["wrong"] ? [] : arguments;
        ToolRun run = await Tool.RunAsync("curl", ["-s", "-k", .. login, "-w", "\n%{http_code}", .. rest, $"https://127.0.0.1:{_host.ManagementPort}{path}"]);
        int end = run.Succeeded().Output.LastIndexOf('\n');
        return (run.Output[(end + 1)..], run.Output[..Math.Max(end, 0)].TrimEnd('\n'));
    }
}
