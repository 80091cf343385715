using System.Net;
using System.Security.Cryptography.X509Certificates;
using CimHost.Configuration;
using CimHost.Endpoints;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.Endpoints.Files;
using CimHost.VmKernel.Users;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CimHost.Hosting.Services;

/// <summary>The listeners of the host: WBEM, files, and the socket of local commands.</summary>
internal sealed class HttpServices(CimHostOptions options, StateDirectory state, Accounts accounts, FrontDoor door, ILoggerFactory loggers)
{
    private readonly long _maxBodyBytes = Math.Max(CimXmlEndpoint.MaxRequestBytes, MofEndpoint.MaxUploadBytes) + 1;
    private readonly Lock _certificates = new();

    /// <summary>CIM operations over the network; null when no address is configured.</summary>
    public HttpService? Wbem() => OverNetwork(key => key != EndpointOptions.HttpsKey);

    /// <summary>Files over HTTPS; null when no address is configured.</summary>
    public HttpService? Files() => OverNetwork(key => key == EndpointOptions.HttpsKey);

    /// <summary>CIM operations and management over the socket that the host's own user alone may open.</summary>
    public HttpService Local() => new(ListenLocally, door.HandleAsync, _maxBodyBytes, loggers) { Listening = state.ProtectSocket };

    private HttpService? OverNetwork(Func<string, bool> isOf)
    {
        (string Key, IPEndPoint EndPoint, bool IsHttps)[] addresses = [.. options.Endpoints.Listening().Where(a => isOf(a.Key))];
        return addresses.Length == 0 ? null : new HttpService(kestrel => Array.ForEach(addresses, a => Listen(kestrel, a.Key, a.EndPoint, a.IsHttps)), door.HandleAsync, _maxBodyBytes, loggers);
    }

    private void Listen(KestrelServerOptions kestrel, string key, IPEndPoint endPoint, bool isHttps) => kestrel.Listen(endPoint, listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        if (isHttps)
        {
            listen.UseHttps(Certificate());
        }

        if (key == EndpointOptions.HttpsKey)
        {
            listen.Use(next => connection =>
            {
                connection.Features.Set(FileListener.Instance);
                return next(connection);
            });
        }
    });

    // One object for each listener: .NET decodes the extensions of a certificate when they are first asked for, and two services that start at
    // the same time would read the list of usages while it is filled. It also lets the restart of a service use a certificate put in place since.
    private X509Certificate2 Certificate()
    {
        lock (_certificates)
        {
            return HostCertificate.LoadOrCreate(state);
        }
    }

    private void ListenLocally(KestrelServerOptions kestrel)
    {
        File.Delete(state.Socket);
        var local = new LocalListener(LocalUserAuthenticator.Caller(Principal.Local, accounts));
        kestrel.ListenUnixSocket(state.Socket, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                connection.Features.Set(local);
                return next(connection);
            });
        });
    }
}
