using CimHost.VmKernel.Boot.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CimHost.Hosting.Services;

/// <summary>
/// A service that serves HTTP: its world runs what is done for a request. Connections, TLS and the parsing of HTTP are Kestrel's, on the
/// thread pool, and not counted as the world's.
/// </summary>
/// <param name="listen">Sets up the listeners.</param>
/// <param name="handle">Serves a request.</param>
/// <param name="maxBodyBytes">Largest request body, in bytes.</param>
/// <param name="loggers">Log.</param>
internal sealed class HttpService(Action<KestrelServerOptions> listen, RequestDelegate handle, long maxBodyBytes, ILoggerFactory loggers)
{
    private static readonly TimeSpan s_finish = TimeSpan.FromSeconds(10);

    /// <summary>How long it may take to end: the requests in flight, and a little.</summary>
    public static TimeSpan StopLimit { get; } = s_finish + TimeSpan.FromSeconds(2);

    /// <summary>Called when it listens.</summary>
    public Action? Listening { get; init; }

    /// <summary>Runs until it is asked to end; then requests in flight may finish.</summary>
    public async Task RunAsync(ServiceContext context)
    {
        await using WebApplication application = Build(TaskScheduler.Current);
        await application.StartAsync(context.Stop);
        Listening?.Invoke();
        context.Serving();
        await context.WhenStoppedAsync();
        using var finish = CancellationTokenSource.CreateLinkedTokenSource(context.End);
        finish.CancelAfter(s_finish);
        await application.StopAsync(finish.Token);
    }

    private WebApplication Build(TaskScheduler world)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = maxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = 1_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            listen(kestrel);
        });
        WebApplication application = builder.Build();
        application.Run(context => Task.Factory.StartNew(Handle, (handle, context), CancellationToken.None, TaskCreationOptions.DenyChildAttach, world).Unwrap());
        return application;
    }

    private static Task Handle(object? state)
    {
        (RequestDelegate handle, HttpContext context) = ((RequestDelegate, HttpContext))state!;
        return handle(context);
    }

    /// <summary>The life of the process is not this server's concern.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
