using CimHost.ObjectManager.Providers;
using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

public class PackageTests
{
    private static string Folder => IpmiTestHost.Metadata("PackageFolder");

    [Fact]
    public void The_build_output_is_a_package_that_the_host_loads()
    {
        var loader = new PackageLoader(NullLogger<PackageLoader>.Instance);
        ProviderPackage package = loader.Find([Path.GetDirectoryName(Folder.TrimEnd('/'))!]).Single(p => p.Name == "CimHost.Providers.Ipmi");
        var host = new FakeProviderHost();
        host.Hardware.SetIpmiPorts(new ScriptedBmc().Port);
        loader.Load(package, host, TaskScheduler.Default);

        Assert.Equal(PackageStatus.Loaded, package.Status);
        Assert.Equal(string.Empty, package.StatusText);
        Assert.Equal(25, package.Providers.Count);
        Assert.Equal(
            IpmiTestHost.Schema.ClassNames.Where(n => n.StartsWith("OMC_", StringComparison.Ordinal)).Order(),
            package.Providers.SelectMany(p => p.ClassNames).Order());
        PackageLoader.Unload(package);
    }

    [Fact]
    public void What_the_host_brings_is_not_in_the_package()
    {
        Assert.True(File.Exists(Path.Combine(Folder, "Schema", "ipmi.mof")));
        Assert.Equal(["CimHost.Providers.Ipmi.dll"], Directory.GetFiles(Folder, "*.dll").Select(Path.GetFileName));
    }
}
