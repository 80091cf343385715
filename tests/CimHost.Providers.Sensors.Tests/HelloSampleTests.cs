using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>samples/HelloProvider, loaded from its output folder as its README says.</summary>
public sealed class HelloSampleTests
{
    private const string ClassName = "Sample_Greeting";

    private static readonly CimTestSchema s_schema = CimTestSchema.Compile(
        "root/cimv2",
        Path.Combine(SysfsFixture.Repository, "broker", "CimHost.ObjectManager", "Schema", "Mof"),
        Path.Combine(SysfsFixture.Repository, "samples", "HelloProvider", "Schema"));

    [Fact]
    public async Task The_sample_keeps_the_provider_contract()
    {
        ICimProvider provider = Load();
        IReadOnlyList<CimInstance> greetings = await ProviderContract.CheckAsync(provider, s_schema.Request(ClassName));
        Assert.Equal(["de", "en", "fr"], greetings.Select(g => g["Language"].AsString()));
        Assert.Equal([ClassName], ProviderContract.CheckExport(provider.GetType(), s_schema));
    }

    [Theory]
    [InlineData("fr", "Ada", 0u, "Bonjour, Ada!")]
    [InlineData("en", " ", 4u, null)]
    public async Task The_method_greets_in_the_language_of_the_instance(string language, string name, uint result, string? greeting)
    {
        CimMethodResult answer = await InvokeAsync(language, name);
        Assert.Equal(result, answer.ReturnValue);
        Assert.Equal(greeting, answer.OutParameters["Greeting"]?.Value.AsString());
    }

    [Fact]
    public async Task A_language_that_is_not_there_is_not_found()
    {
        CimException e = await Assert.ThrowsAsync<CimException>(() => InvokeAsync("xx", "Ada"));
        Assert.Equal(CimStatusCode.NotFound, e.Status);
    }

    private static async Task<CimMethodResult> InvokeAsync(string language, string name)
    {
        CimProviderRequest request = s_schema.Request(ClassName);
        var parameters = new CimNamedList<CimMethodParameter>([new CimMethodParameter("Name", CimType.String, name)]);
        return await ((ICimMethods)Load()).InvokeAsync(
            request, new CimObjectPath(ClassName, "Language", language, request.Namespace), request.CimClass.CimClassMethods["Greet"]!, parameters, CancellationToken.None);
    }

    private static ICimProvider Load()
    {
        var loader = new PackageLoader(NullLogger<PackageLoader>.Instance);
        ProviderPackage package = Assert.Single(loader.Find([SysfsFixture.OutputOf("samples/HelloProvider")]));
        loader.Load(package, new FakeProviderHost(), TaskScheduler.Default);
        Assert.Equal((PackageStatus.Loaded, string.Empty), (package.Status, package.StatusText));
        return Assert.Single(package.Providers).Provider;
    }
}
