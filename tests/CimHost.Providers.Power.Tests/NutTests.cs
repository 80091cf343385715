using System.Net;
using System.Net.Sockets;
using System.Text;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Providers;
using CimHost.Providers.Power.Wire.Nut;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Power.Tests;

/// <summary>UPSs behind NUT servers: the lines of the protocol, the words of a status, servers that misbehave.</summary>
public sealed class NutTests
{
    [Theory]
    [InlineData("VAR ups1 battery.charge \"44\"", new[] { "VAR", "ups1", "battery.charge", "44" })]
    [InlineData("UPS a \"say \\\"x\\\" \\\\ y\"\r", new[] { "UPS", "a", "say \"x\" \\ y" })]
    [InlineData("  OK  ", new[] { "OK" })]
    [InlineData("VAR a b \"\"", new[] { "VAR", "a", "b", "" })]
    [InlineData("", new string[0])]
    public void A_line_is_split_into_words(string line, string[] words)
    {
        Assert.True(NutLine.TryRead(Encoding.UTF8.GetBytes(line), out IReadOnlyList<string> read, out _));
        Assert.Equal(words, read);
    }

    [Theory]
    [InlineData("VAR a b \"44", "ends inside quotes")]
    [InlineData("\"", "ends inside quotes")]
    public void A_line_that_breaks_the_protocol_is_refused(string line, string problem)
    {
        Assert.False(NutLine.TryRead(Encoding.UTF8.GetBytes(line), out _, out string? told));
        Assert.Equal(problem, told);
    }

    [Theory]
    [InlineData("OL", "Normal", 5)]
    [InlineData("OL CHRG", "Normal", 5)]
    [InlineData("OB DISCHRG", "On Battery", 10)]
    [InlineData("OB LB", "On Battery, Low", 25)]
    [InlineData("FSD OB LB", "Shutdown Imminent", 25)]
    [InlineData("OL RB", "Replace Battery", 10)]
    [InlineData("OL OVER", "Overload", 20)]
    [InlineData("OL BYPASS", "Bypass", 10)]
    [InlineData("OL BOOST", "Boost", 5)]
    [InlineData("OFF", "Off", 10)]
    [InlineData("WAIT", "Unknown", 0)]
    [InlineData("", "Unknown", 0)]
    public void A_status_is_a_state(string status, string state, int health)
    {
        PowerReading reading = NutVariables.Decode(new Dictionary<string, string> { ["ups.status"] = status }, DateTimeOffset.UnixEpoch);
        Assert.Equal((state, (ushort)health), (PowerCondition.OfUps(reading).Text, PowerCondition.OfUps(reading).HealthState));
    }

    [Fact]
    public async Task A_server_with_two_UPSs_of_which_one_has_no_driver_tells_both()
    {
        using var server = new Server(
            "LIST UPS|BEGIN LIST UPS|UPS a \"A\"|UPS b \"B\"|END LIST UPS",
            "LIST VAR a|BEGIN LIST VAR a|VAR a ups.status \"OL\"|VAR a battery.charge \"88\"|END LIST VAR a",
            "LIST VAR b|ERR DRIVER-NOT-CONNECTED");
        IReadOnlyList<CimInstance> upses = await Package(server).EnumerateAsync(ClassNames.Ups);
        Assert.Equal([("Normal", "Ok"), ("Unknown", "Unavailable")], upses.Select(u => (u["CurrentState"].AsString(), u["ReadingState"].AsString())));
        Assert.Contains("has no driver", upses[1]["ReadingReason"].AsString(), StringComparison.Ordinal);
        Assert.Equal((ushort)88, upses[0]["EstimatedChargeRemaining"]);
    }

    [Theory]
    [InlineData("LIST UPS|HTTP/1.1 400 Bad Request", "not answer LIST UPS in its protocol")]
    [InlineData("LIST UPS|ERR ACCESS-DENIED", "refuses the user")]
    [InlineData("LIST UPS|BEGIN LIST UPS|UPS a \"A", "ends inside quotes")]
    [InlineData("LIST UPS|\u0001LONG", "more than 2048 bytes")]
    [InlineData("LIST UPS|\u0001MANY", "more than 2048 lines")]
    [InlineData("LIST UPS|\u0001CLOSE", "closed the connection")]
    public async Task A_server_that_misbehaves_is_told_after_everything_else(string script, string reason)
    {
        using var server = new Server(script);
        PowerPackage package = Package(server);
        package.Host.Hardware.SetHidDevices(HidFixture.Load("line-interactive-charging"));
        var told = new List<CimInstance>();
        CimException e = await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (CimInstance instance in package.Providers[ClassNames.Ups].EnumerateAsync(PowerPackage.Schema.Request(ClassNames.Ups), CancellationToken.None))
            {
                told.Add(instance);
            }
        });
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Equal("Normal", Assert.Single(told)["CurrentState"]);
    }

    [Fact]
    public async Task A_server_that_never_answers_delays_no_UPS_of_others()
    {
        using var server = new Server("LIST UPS|\u0001HANG");
        PowerPackage package = Package(server);
        package.Host.Hardware.SetHidDevices(HidFixture.Load("line-interactive-charging"));
        await using IAsyncEnumerator<CimInstance> upses = package.Providers[ClassNames.Ups].EnumerateAsync(PowerPackage.Schema.Request(ClassNames.Ups), CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await upses.MoveNextAsync());
        ValueTask<bool> last = upses.MoveNextAsync();
        await server.Asked.WaitAsync();
        Assert.False(last.IsCompleted);
        package.Host.Time.Advance(TimeSpan.FromSeconds(5));
        CimException e = await Assert.ThrowsAsync<CimException>(() => last.AsTask());
        Assert.Contains("gave no answer within 5000 ms", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Upsd0", "a b")]
    [InlineData("Upsd3", "host:0")]
    [InlineData("Upsd0UserName", "mon")]
    public void A_wrong_server_names_the_key(string key, string value)
    {
        var host = new FakeProviderHost();
        host.Configuration["Upsd0"] = "127.0.0.1";
        host.Configuration[key] = value;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new PowerPackage(host));
        Assert.Contains($"Providers:CimHost.Providers.Power:{key} is '{value}'", e.Message, StringComparison.Ordinal);
    }

    private static PowerPackage Package(Server server)
    {
        var host = new FakeProviderHost();
        host.Configuration["Upsd0"] = server.Address;
        return new PowerPackage(host);
    }

    /// <summary>A server that answers each line as a script says: "LINE|answer|answer". An answer may be a misdeed instead.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Dictionary<string, string[]> _script;

        public Server(params string[] script)
        {
            _script = script.Select(s => s.Split('|')).ToDictionary(p => p[0], p => p[1..]);
            _listener.Start();
            Address = _listener.LocalEndpoint.ToString()!;
            _ = ServeAsync();
        }

        public string Address { get; }

        public SemaphoreSlim Asked { get; } = new(0);

        public void Dispose() => _listener.Stop();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    await AnswerAsync(client.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The test is over, or the client has gone.
                return;
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is { } line && line != "LOGOUT")
            {
                foreach (string answer in _script[line])
                {
                    string text = answer switch
                    {
                        "\u0001LONG" => new string('x', 5000),
                        "\u0001MANY" => "BEGIN LIST UPS\n" + string.Concat(Enumerable.Repeat("UPS a \"A\"\n", 3000)),
                        "\u0001HANG" or "\u0001CLOSE" => string.Empty,
                        _ => answer + "\n",
                    };
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
                    Asked.Release();
                    if (answer == "\u0001CLOSE")
                    {
                        return;
                    }
                }
            }
        }
    }
}
