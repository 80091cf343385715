using System.Globalization;
using System.Text.Json;

namespace CimHost.Benchmarks;

/// <summary>Kills the world of a package each second, between start and stop.</summary>
internal sealed class WorldKiller : IDisposable
{
    private const string World = "Unruly";

    private readonly HttpClient _http = new();
    private readonly Uri _root;
    private CancellationTokenSource? _stop;
    private Task _killing = Task.CompletedTask;

    public WorldKiller(Uri host, string authorization)
    {
        _root = new Uri(host, "/");
        _http.DefaultRequestHeaders.Add("Authorization", authorization);
    }

    public Task StartAsync()
    {
        _stop = new CancellationTokenSource();
        _killing = KillAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop!.CancelAsync();
        await _killing;
        _stop.Dispose();
    }

    public void Dispose() => _http.Dispose();

    private async Task KillAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using HttpResponseMessage top = await _http.PostAsync(new Uri(_root, "admin/worlds/top"), new StringContent("{}"), CancellationToken.None);
            using JsonDocument worlds = JsonDocument.Parse(await top.Content.ReadAsStringAsync(CancellationToken.None));
            foreach (JsonElement world in worlds.RootElement.GetProperty("worlds").EnumerateArray().Where(w => w.GetProperty("name").GetString() == World))
            {
                string body = string.Create(CultureInfo.InvariantCulture, $"{{\"worldId\":{world.GetProperty("worldId").GetInt32()},\"signal\":\"KILL\"}}");
                using HttpResponseMessage killed = await _http.PostAsync(new Uri(_root, "admin/worlds/kill"), new StringContent(body), CancellationToken.None);
            }

            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), stop));
        }
    }
}
