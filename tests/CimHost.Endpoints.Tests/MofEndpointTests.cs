using System.IO.Compression;
using System.Net;
using System.Text;
using CimHost.Sdk.Cim;
using Xunit;
using static CimHost.Endpoints.Tests.EndpointHost;

namespace CimHost.Endpoints.Tests;

public sealed class MofEndpointTests : IAsyncLifetime
{
    private EndpointHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task What_compiles_is_stored_whole()
    {
        (HttpStatusCode status, string text) = await SendAsync("namespace=root/cimv2", ("b.mof", "instance of T_Sub { Id = \"s\"; };"), ("a.mof", "class T_Sub : T_Thing { };"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("1 classes", text, StringComparison.Ordinal);
        Assert.Single((await _host.CallAsync("EnumerateInstances", ("ClassName", Class("T_Sub")))).Results);
    }

    [Fact]
    public async Task A_failed_compilation_tells_its_errors_and_changes_nothing()
    {
        (HttpStatusCode status, string text) = await SendAsync("namespace=root/cimv2", ("a.mof", "class T_Sub : T_Thing { };"), ("b.mof", "class T_Wrong : T_Gone { };"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("b.mof:1:17: error: the superclass T_Gone of T_Wrong does not exist", text, StringComparison.Ordinal);
        Assert.Equal(CimStatusCode.NotFound, (await _host.CallAsync("GetClass", ("ClassName", Class("T_Sub")))).Error.Status);
    }

    [Fact]
    public async Task What_is_only_checked_is_not_stored()
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("namespace=root/cimv2&check=true", ("a.mof", "class T_Sub : T_Thing { };"))).Status);
        Assert.Equal(CimStatusCode.NotFound, (await _host.CallAsync("GetClass", ("ClassName", Class("T_Sub")))).Error.Status);
    }

    [Theory]
    [InlineData("main.mof", "secret.mof")]
    [InlineData("../main.mof", "secret.mof")]
    public async Task An_upload_cannot_include_files_of_the_host(string entry, string include)
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-mof-").FullName;
        try
        {
            string secret = Path.Combine(folder, include);
            await File.WriteAllTextAsync(secret, "password = hunter2");
            foreach (string name in new[] { entry, Path.Combine(folder, "main.mof") })
            {
                foreach (string path in new[] { include, secret })
                {
                    (HttpStatusCode status, string text) = await SendAsync("namespace=root/cimv2", (name, $"#pragma include(\"{path}\")"));
                    Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
                    Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("namespace=root/nowhere", HttpStatusCode.UnprocessableEntity)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task The_namespace_has_to_be_there(string query, HttpStatusCode expected) => Assert.Equal(expected, (await SendAsync(query, ("a.mof", "class X { };"))).Status);

    [Fact]
    public async Task What_is_no_zip_is_told()
    {
        using HttpResponseMessage response = await _host.Client.PostAsync(new Uri("/admin/mof?namespace=root/cimv2", UriKind.Relative), new ByteArrayContent(Encoding.UTF8.GetBytes("class X { };")));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync());
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(string query, params (string Name, string Text)[] files)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        using HttpResponseMessage response = await _host.Client.PostAsync(new Uri("/admin/mof?" + query, UriKind.Relative), new ByteArrayContent(stream.ToArray()));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
