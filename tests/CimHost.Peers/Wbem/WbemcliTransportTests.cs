using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>wbemcli over HTTPS, with wrong credentials, and with its options that show more.</summary>
[Collection(WbemHostCollection.Name)]
public sealed class WbemcliTransportTests(WbemHost shared)
{
    private const string Manager = "interop:CIM_ObjectManager";

    [PeerFact("wbemcli")]
    public async Task Over_HTTPS_the_same_instance_is_shown()
    {
        WbemcliObject plain = Assert.Single(await shared.Client.EnumerateAsync(Manager));
        WbemcliObject secure = Assert.Single(await Wbemcli.OverTls(shared.Host).ObjectsAsync("ei", ["-nl", "-noverify"], Manager));

        Assert.Equal(plain.Properties.OrderBy(p => p.Key, StringComparer.Ordinal), secure.Properties.OrderBy(p => p.Key, StringComparer.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task The_hosts_own_certificate_verifies_its_address()
    {
        string certificate = Path.Combine(shared.Host.StateDirectory, "tls", "cert.pem");
        WbemcliObject secure = Assert.Single(await Wbemcli.OverTls(shared.Host).ObjectsAsync("ei", ["-nl", "-cacert", certificate], Manager));

        Assert.Equal("CimHost", secure["ElementName"]);
    }

    [PeerFact("wbemcli")]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_by_the_client()
    {
        ToolRun run = await Wbemcli.OverTls(shared.Host).RunAsync("ei", ["-nl"], Manager);

        Assert.True(run.ExitCode != 0, run.ToString());
        Assert.DoesNotContain("CimHost", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("wbemcli")]
    public async Task Wrong_credentials_show_nothing()
    {
        ToolRun run = await new Wbemcli("http", "root", "wrong-password-1", shared.Client.Authority).RunAsync("ei", Manager);

        Assert.True(run.ExitCode != 0, run.ToString());
        Assert.DoesNotContain("ObjectManager", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("wbemcli")]
    public async Task Dx_shows_the_exchanged_messages_and_the_result_too()
    {
        ToolRun run = await shared.Client.RunAsync("ei", ["-nl", "-dx"], Manager);
        string all = run.Output + run.Error;

        Assert.Contains("<IMETHODCALL NAME=\"EnumerateInstances\">", all, StringComparison.Ordinal);
        Assert.Contains("<VALUE.NAMEDINSTANCE>", all, StringComparison.Ordinal);
        Assert.Contains("CIMOperation: MethodResponse", all, StringComparison.Ordinal);
        Assert.Contains("-ElementName=\"CimHost\"", all, StringComparison.Ordinal);
    }

    [PeerFact("wbemcli")]
    public async Task Interop_is_the_same_namespace_under_both_of_its_names()
    {
        WbemcliObject one = Assert.Single(await shared.Client.EnumerateAsync(Manager));
        WbemcliObject other = Assert.Single(await shared.Client.EnumerateAsync("root/interop:CIM_ObjectManager"));

        Assert.Equal(one.Properties.OrderBy(p => p.Key, StringComparer.Ordinal), other.Properties.OrderBy(p => p.Key, StringComparer.Ordinal));
        IReadOnlyList<WbemcliObject> namespaces = await shared.Client.EnumerateAsync("interop:CIM_Namespace");
        string?[] names = [.. namespaces.Select(n => n["Name"]).Order(StringComparer.Ordinal)];
        Assert.Superset(new HashSet<string?> { "root/cimv2", WbemHost.Namespace }, names.ToHashSet());
        Assert.Single(names, n => n is "interop" or "root/interop");
    }

    [PeerFact("curl")]
    public async Task Curl_sees_a_challenge_and_with_credentials_a_class()
    {
        using var folder = new TemporaryDirectory();
        string body = folder.Write("request.xml", CimXmlMessage.Call("root/cimv2", "GetClass", ("ClassName", CimXmlMessage.ClassName("CIM_Fan"))));
        string[] options = ["-sS", "-i", "-H", "Content-Type: application/xml; charset=utf-8", "--data-binary", "@" + body];

        ToolRun anonymous = (await Tool.RunAsync("curl", [.. options, shared.Host.Http.ToString()])).Succeeded();
        ToolRun known = (await Tool.RunAsync("curl", [.. options, "-u", "root:" + shared.Host.Password, shared.Host.Http.ToString()])).Succeeded();
        Assert.StartsWith("HTTP/1.1 401", anonymous.Output, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Basic realm=", anonymous.Output, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("HTTP/1.1 200", known.Output, StringComparison.Ordinal);
        Assert.Contains("<CLASS NAME=\"CIM_Fan\"", known.Output, StringComparison.Ordinal);
    }
}
