using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CimHost.Benchmarks;

/// <summary>The ceiling: the same web server with nothing behind it. The path names how many bytes it returns (/1234); the request is not looked at.</summary>
internal static class Ceiling
{
    public static async Task ServeAsync(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http1);
        });
        WebApplication application = builder.Build();
        var bodies = new System.Collections.Concurrent.ConcurrentDictionary<string, byte[]>();
        application.Run(context =>
        {
            byte[] body = bodies.GetOrAdd(context.Request.Path.Value!, static path => new byte[int.Parse(path.AsSpan(1))]);
            context.Response.ContentType = "application/xml; charset=utf-8";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        await application.StartAsync();
        Console.WriteLine("ceiling ready");
        await application.WaitForShutdownAsync();
    }
}
