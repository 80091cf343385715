using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CimHost.Endpoints.Files;
using CimHost.ObjectManager.Dispatch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CimHost.Endpoints.Tests.Files;

/// <summary>The file endpoint with its sessions on a real Kestrel.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FileHost(WebApplication application, DictionaryFiles files)
    {
        _application = application;
        Files = files;
        Client = NewClient("admin", "secret");
        Reader = NewClient("reader", "secret");
    }

    public DictionaryFiles Files { get; }

    public HttpClient Client { get; }

    public HttpClient Reader { get; }

    public HashSet<string> Changed { get; } = [];

    public static async Task<FileHost> StartAsync(bool isFileListener = true, TimeProvider? time = null)
    {
        var files = new DictionaryFiles();
        FileHost? host = null;
        var door = new FrontDoor(new TwoUsers(), static () => null, new FileEndpoint(files, new FileSessions(caller => !host!.Changed.Contains(caller.UserName), time ?? TimeProvider.System)));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (isFileListener)
                {
                    listen.Use(next => connection =>
                    {
                        connection.Features.Set(FileListener.Instance);
                        return next(connection);
                    });
                }
            });
        });
        WebApplication application = builder.Build();
        application.Run(door.HandleAsync);
        await application.StartAsync();
        return host = new FileHost(application, files);
    }

    public HttpClient NewClient(string? userName, string? password)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(_application.Urls.First()) };
        if (userName is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Reader.Dispose();
        await _application.DisposeAsync();
    }

    private sealed class TwoUsers : IAuthenticator
    {
        public ValueTask<CimCaller?> VerifyAsync(string userName, string password, CancellationToken cancellationToken) => ValueTask.FromResult(
            password == "secret" && userName is "admin" or "reader" ? new CimCaller(userName, userName == "admin" ? CimRights.All : CimRights.ReadOnly) : null);
    }
}
