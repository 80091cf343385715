using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CimHost.TestBed;

/// <summary>
/// A WBEM listener: takes export messages over HTTP and remembers what it took. Before an indication is taken a test can have it refused,
/// or answered in its own way.
/// </summary>
public sealed class IndicationListener : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Lock _lock = new();
    private readonly List<CimInstance> _taken = [];
    private readonly Func<HttpContext, CimInstance, Task<bool>> _before;

    private IndicationListener(WebApplication application, Func<HttpContext, CimInstance, Task<bool>> before)
    {
        _application = application;
        _before = before;
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(new Uri(_application.Urls.First()), "/listener");

    /// <summary>What it took so far, repeated deliveries included.</summary>
    public IReadOnlyList<CimInstance> Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>The sequence numbers that it took, without repetitions, in order.</summary>
    public IReadOnlyList<long> Sequence => [.. Taken.Select(SequenceNumber).Distinct().Order()];

    /// <summary>Starts a listener on a free port.</summary>
    /// <param name="before">Called for each indication; true takes it, false has answered already. Null: everything is taken.</param>
    /// <param name="certificate">With it the listener speaks HTTPS.</param>
    public static async Task<IndicationListener> StartAsync(Func<HttpContext, CimInstance, Task<bool>>? before = null, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication application = builder.Build();
        var listener = new IndicationListener(application, before ?? ((_, _) => Task.FromResult(true)));
        application.MapPost("/listener", listener.TakeAsync);
        await application.StartAsync();
        return listener;
    }

    /// <summary>Value of SequenceNumber; -1 when there is none.</summary>
    public static long SequenceNumber(CimInstance indication) => indication["SequenceNumber"].TryGetInt64(out long number) ? number : -1;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        CimXmlExportRequest request = CimXmlExportRequest.Parse(body.ToArray());
        CimInstance indication = request.Indications.Single();
        if (!await _before(context, indication))
        {
            return;
        }

        lock (_lock)
        {
            _taken.Add(indication);
        }

        var answer = new ArrayBufferWriter<byte>();
        CimXmlExportWriter.Response(answer, request.Id);
        context.Response.ContentType = "application/xml; charset=utf-8";
        context.Response.Headers["CIMExport"] = "MethodResponse";
        await context.Response.Body.WriteAsync(answer.WrittenMemory);
    }
}
