using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace CimHost.Endpoints.Tests.Files;

/// <summary>Files over HTTP (RFC 9110) at ESXi's paths.</summary>
public sealed class FileEndpointTests : IAsyncLifetime
{
    private FileHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await FileHost.StartAsync();
        _host.Files.Add("Temporary:/a/b.txt", "0123456789"u8.ToArray());
        _host.Files.Add("Folder:store 1/vm/disk.vmdk", "disk"u8.ToArray());
        _host.Files.Add("Host:/hosts", "127.0.0.1 localhost"u8.ToArray());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/tmp/a/b.txt", "0123456789")]
    [InlineData("/tmp/a%2Fb.txt", "0123456789")]
    [InlineData("/host/hosts", "127.0.0.1 localhost")]
    [InlineData("/folder/vm/disk.vmdk?dsName=store%201", "disk")]
    [InlineData("/folder/vm%2fdisk.vmdk?dcPath=ha-datacenter&dsName=store%201", "disk")]
    [InlineData("/folder/vm/disk.vmdk?dcPath=%2Fha-datacenter&dsName=store%201", "disk")]
    [InlineData("/folder/vm/disk.vmdk?dcPath=%252Fha-datacenter&dsName=store%201", "disk")]
    public async Task GET_gives_the_content_at_ESXis_paths(string path, string content)
    {
        using HttpResponseMessage answer = await _host.Client.GetAsync(Uri(path));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(content, await answer.Content.ReadAsStringAsync());
        Assert.NotNull(answer.Headers.ETag);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), answer.Content.Headers.LastModified);
    }

    [Theory]
    [InlineData("/tmp/a/..%2F..%2Fetc/shadow", HttpStatusCode.BadRequest)]
    [InlineData("/tmp/..%2f..%2fetc/shadow", HttpStatusCode.BadRequest)]
    [InlineData("/tmp/%2e%2e%2fetc", HttpStatusCode.BadRequest)]
    [InlineData("/tmp/a%00b", HttpStatusCode.BadRequest)]
    [InlineData("/tmp/a%0Ab", HttpStatusCode.BadRequest)]
    [InlineData("/tmp/nothing", HttpStatusCode.NotFound)]
    [InlineData("/folder/x?dcPath=elsewhere&dsName=store%201", HttpStatusCode.NotFound)]
    [InlineData("/folder/x", HttpStatusCode.BadRequest)]
    [InlineData("/folder/x?dsName=..", HttpStatusCode.BadRequest)]
    [InlineData("/folder/x?dsName=a%2F..%2Fb", HttpStatusCode.BadRequest)]
    public async Task Paths_that_lead_elsewhere_are_refused(string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await _host.Client.GetAsync(Uri(path));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Names_longer_than_a_file_system_takes_are_414()
    {
        using HttpResponseMessage name = await _host.Client.GetAsync(Uri("/tmp/" + new string('n', 256)));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, name.StatusCode);
        using HttpResponseMessage path = await _host.Client.GetAsync(Uri("/tmp/" + string.Join('/', Enumerable.Repeat("aaaaaaaaaaaaaaaaaaa", 210))));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, path.StatusCode);
    }

    [Theory]
    [InlineData("bytes=2-4", HttpStatusCode.PartialContent, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", HttpStatusCode.PartialContent, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", HttpStatusCode.PartialContent, "89", "bytes 8-9/10")]
    [InlineData("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable, "", "bytes */10")]
    public async Task GET_gives_the_range_asked_for(string range, HttpStatusCode status, string content, string contentRange)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Uri("/tmp/a/b.txt"));
        request.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage answer = await _host.Client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(content, await answer.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, answer.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task HEAD_tells_size_and_version_without_content()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Uri("/tmp/a/b.txt"));
        using HttpResponseMessage answer = await _host.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, 10L), (answer.StatusCode, answer.Content.Headers.ContentLength!.Value));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_client_that_has_the_content_is_told_304()
    {
        using HttpResponseMessage first = await _host.Client.GetAsync(Uri("/tmp/a/b.txt"));
        using var again = new HttpRequestMessage(HttpMethod.Get, Uri("/tmp/a/b.txt"));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage answer = await _host.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task A_directory_is_listed_as_HTML_and_as_JSON()
    {
        _host.Files.Add("Temporary:/a/<b>&.txt", [1]);
        using HttpResponseMessage html = await _host.Client.GetAsync(Uri("/tmp/a"));
        string page = await html.Content.ReadAsStringAsync();
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        Assert.Contains("&lt;b&gt;&amp;.txt", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>&", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/tmp/a/b.txt\"", page, StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, Uri("/tmp/a"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using HttpResponseMessage answer = await _host.Client.SendAsync(request);
        using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(["<b>&.txt", "b.txt"], json.RootElement.EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        Assert.Equal(10, json.RootElement[1].GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task PUT_creates_then_replaces_and_is_not_bound_by_the_size_of_other_requests()
    {
        byte[] content = new byte[300_000];
        Random.Shared.NextBytes(content);
        using HttpResponseMessage created = await _host.Client.PutAsync(Uri("/tmp/new"), new ByteArrayContent(content));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(content, _host.Files.Files["Temporary:/new"].Content);
        using HttpResponseMessage replaced = await _host.Client.PutAsync(Uri("/tmp/new"), new StringContent("short"));
        Assert.Equal(HttpStatusCode.NoContent, replaced.StatusCode);
        Assert.Equal("short"u8.ToArray(), _host.Files.Files["Temporary:/new"].Content);
    }

    [Fact]
    public async Task PUT_in_parts_goes_on_where_it_ended()
    {
        Assert.Equal((HttpStatusCode.Accepted, "bytes=0-3"), await PartAsync("bytes 0-3/10", "0123"));
        Assert.False(_host.Files.Files.ContainsKey("Temporary:/part"));
        Assert.Equal((HttpStatusCode.Conflict, "bytes=0-3"), await PartAsync("bytes 6-9/10", "6789"));
        Assert.Equal((HttpStatusCode.Accepted, "bytes=0-3"), await PartAsync("bytes */10", string.Empty));
        Assert.Equal((HttpStatusCode.Created, null), await PartAsync("bytes 4-9/10", "456789"));
        Assert.Equal("0123456789"u8.ToArray(), _host.Files.Files["Temporary:/part"].Content);
    }

    [Theory]
    [InlineData("bytes 0-3/*")]
    [InlineData("bytes 5-3/10")]
    [InlineData("lines 0-3/10")]
    [InlineData("nonsense")]
    public async Task A_Content_Range_that_makes_no_sense_is_400(string range) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PartAsync(range, "0123")).Status);

    [Theory]
    [InlineData("01234567")]
    [InlineData("01")]
    public async Task A_part_that_is_not_as_long_as_its_Content_Range_is_400(string content) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PartAsync("bytes 0-3/10", content)).Status);

    [Fact]
    public async Task A_full_file_system_is_507_and_the_old_file_stays()
    {
        _host.Files.MaxSize = 100;
        using HttpResponseMessage answer = await _host.Client.PutAsync(Uri("/tmp/a/b.txt"), new ByteArrayContent(new byte[1000]));
        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
        Assert.Equal("0123456789"u8.ToArray(), _host.Files.Files["Temporary:/a/b.txt"].Content);
    }

    [Fact]
    public async Task PUT_and_DELETE_under_a_condition_that_does_not_hold_are_412()
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, Uri("/tmp/a/b.txt")) { Content = new StringContent("x") };
        put.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        using HttpResponseMessage refused = await _host.Client.SendAsync(put);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, Uri("/tmp/a/b.txt"));
        delete.Headers.IfMatch.Add(new EntityTagHeaderValue("\"another\""));
        using HttpResponseMessage kept = await _host.Client.SendAsync(delete);
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed), (refused.StatusCode, kept.StatusCode));
        Assert.Equal("0123456789"u8.ToArray(), _host.Files.Files["Temporary:/a/b.txt"].Content);
    }

    [Fact]
    public async Task DELETE_removes_once()
    {
        using HttpResponseMessage first = await _host.Client.DeleteAsync(Uri("/tmp/a/b.txt"));
        using HttpResponseMessage second = await _host.Client.DeleteAsync(Uri("/tmp/a/b.txt"));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Who_may_not_write_is_403_and_nothing_changes()
    {
        using HttpResponseMessage put = await _host.Reader.PutAsync(Uri("/tmp/a/b.txt"), new StringContent("x"));
        using HttpResponseMessage delete = await _host.Reader.DeleteAsync(Uri("/tmp/a/b.txt"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (put.StatusCode, delete.StatusCode));
        Assert.Equal("0123456789", await _host.Reader.GetStringAsync(Uri("/tmp/a/b.txt")));
    }

    [Fact]
    public async Task Another_method_is_405_with_those_there_are()
    {
        using HttpResponseMessage answer = await _host.Client.PostAsync(Uri("/tmp/a/b.txt"), new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD", "PUT", "DELETE"], answer.Content.Headers.Allow);
    }

    private async Task<(HttpStatusCode Status, string? Range)> PartAsync(string contentRange, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Uri("/tmp/part")) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(content)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Range", contentRange);
        using HttpResponseMessage answer = await _host.Client.SendAsync(request);
        return (answer.StatusCode, answer.Headers.NonValidated.TryGetValues("Range", out HeaderStringValues range) ? range.ToString() : null);
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);
}
