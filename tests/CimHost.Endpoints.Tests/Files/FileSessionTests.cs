using System.Net;
using Xunit;

namespace CimHost.Endpoints.Tests.Files;

/// <summary>Session cookies of the file endpoint.</summary>
public sealed class FileSessionTests
{
    [Fact]
    public async Task Without_credentials_there_is_401_and_no_cookie()
    {
        await using FileHost host = await FileHost.StartAsync();
        using HttpClient nobody = host.NewClient(null, null);
        using HttpClient wrong = host.NewClient("admin", "wrong");
        using HttpResponseMessage first = await nobody.GetAsync(s_folder);
        using HttpResponseMessage second = await wrong.GetAsync(s_folder);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (first.StatusCode, second.StatusCode));
        Assert.False(first.Headers.Contains("Set-Cookie") || second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_session_stands_for_its_user_until_the_user_changes()
    {
        await using FileHost host = await FileHost.StartAsync();
        string cookie = await LoginAsync(host, host.Reader);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(host, cookie));
        using HttpClient client = host.NewClient(null, null);
        using var put = new HttpRequestMessage(HttpMethod.Put, new Uri("/tmp/x", UriKind.Relative)) { Content = new StringContent("x") };
        put.Headers.Add("Cookie", cookie);
        using HttpResponseMessage refused = await client.SendAsync(put);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        host.Changed.Add("reader");
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(host, cookie));
        host.Changed.Clear();
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(host, cookie));
    }

    [Fact]
    public async Task The_cookie_is_for_HTTPS_and_not_for_scripts_or_other_sites()
    {
        await using FileHost host = await FileHost.StartAsync();
        using HttpResponseMessage answer = await host.Client.GetAsync(s_folder);
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("vmware_soap_session=\"", cookie, StringComparison.Ordinal);
        Assert.All(["HttpOnly", "Secure", "SameSite=Strict"], part => Assert.Contains(part, cookie, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vmware_soap_session=\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("vmware_soap_session=")]
    [InlineData("vmware_soap_session=\"a")]
    public async Task A_cookie_that_was_not_given_out_is_401(string cookie)
    {
        await using FileHost host = await FileHost.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(host, cookie));
    }

    [Fact]
    public async Task A_session_that_is_not_used_for_half_an_hour_is_over()
    {
        var time = new SteppedTime();
        await using FileHost host = await FileHost.StartAsync(time: time);
        string cookie = await LoginAsync(host, host.Client);
        time.Now += TimeSpan.FromMinutes(29);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(host, cookie));
        time.Now += TimeSpan.FromMinutes(29);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(host, cookie));
        time.Now += TimeSpan.FromMinutes(31);
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(host, cookie));
    }

    private static readonly Uri s_folder = new("/tmp", UriKind.Relative);

    private static async Task<string> LoginAsync(FileHost host, HttpClient client)
    {
        using HttpResponseMessage answer = await client.GetAsync(s_folder);
        return Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split(';')[0];
    }

    private static async Task<HttpStatusCode> GetAsync(FileHost host, string cookie)
    {
        using HttpClient client = host.NewClient(null, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, s_folder);
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
