using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Provider packages that are wrong in every way beside good ones: each has a status, nothing else suffers.</summary>
public sealed class BrokenPackageTests
{
    private const string Manifest = """{ "Name": "NAME", "Version": "1.0", "Abi": "ABI", "Assembly": "Some.dll", "Schema": "Schema" }""";

    [Fact]
    public async Task Broken_packages_get_a_status_each_and_harm_nothing_else()
    {
        using var packages = new TemporaryDirectory();
        packages.Write("no-manifest/readme.txt", "nothing");
        packages.Write("bad-json/provider.json", "{ this is no JSON");
        packages.Write("no-assembly/provider.json", Manifest.Replace("NAME", "no-assembly", StringComparison.Ordinal).Replace("ABI", "1.0", StringComparison.Ordinal));
        packages.Write("bad-assembly/provider.json", Manifest.Replace("NAME", "bad-assembly", StringComparison.Ordinal).Replace("ABI", "1.0", StringComparison.Ordinal));
        packages.Write("bad-assembly/Some.dll", "MZ this is no assembly");
        packages.Write("other-abi/provider.json", Manifest.Replace("NAME", "other-abi", StringComparison.Ordinal).Replace("ABI", "99.0", StringComparison.Ordinal));
        packages.Write("bad-mof/provider.json", Manifest.Replace("NAME", "bad-mof", StringComparison.Ordinal).Replace("ABI", "1.0", StringComparison.Ordinal));
        packages.Write("bad-mof/Schema/a.mof", "class TEST_Broken : NoSuchParent { string x; }");
        using var machine = new RackServer();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = [$"--ProviderDirectories:0={packages.FullName}"] });
        using CimXmlClient client = CimXmlClient.Of(host);

        CimXmlAnswer status = (await client.EnumerateAsync("root/cimv2", "CimHost_ProviderPackage")).Succeeded();
        foreach (string name in new[] { "no-manifest", "bad-json", "no-assembly", "bad-assembly", "other-abi", "bad-mof" })
        {
            System.Xml.Linq.XElement package = Assert.Single(status.Instances, i => CimXmlClient.ValueOf(i, "Folder")?.EndsWith("/" + name, StringComparison.Ordinal) == true);
            Assert.NotEqual("5", CimXmlClient.ValueOf(package, "HealthState"));
            Assert.False(string.IsNullOrEmpty(CimXmlClient.ValueOf(package, "StatusText")));
            Assert.Contains(name, host.Log, StringComparison.Ordinal);
        }

        Assert.Contains(status.Instances, i => CimXmlClient.ValueOf(i, "HealthState") == "5");
        Assert.NotEmpty((await client.EnumerateAsync("root/cimv2", "CIM_NumericSensor")).Succeeded().Instances);
    }
}
