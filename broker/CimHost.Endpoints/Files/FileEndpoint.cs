using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager.Dispatch;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CimHost.Endpoints.Files;

/// <summary>
/// Files of the host over HTTPS, with ESXi's paths: GET and HEAD (ranges and conditions of RFC 9110 §13 and §14), PUT, DELETE. Content is
/// streamed both ways.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="sessions">The cookies.</param>
public sealed class FileEndpoint(IRemoteFiles files, FileSessions sessions)
{
    /// <summary>Sessions of those who authenticated.</summary>
    public FileSessions Sessions { get; } = sessions;

    /// <summary>Serves one request.</summary>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        try
        {
            RemotePath path = RemotePath.Read(context.Request);
            switch (context.Request.Method)
            {
                case "GET" or "HEAD":
                    await GetAsync(context, caller, path);
                    break;
                case "PUT":
                    await new FileUpload(files, context, caller, path).RunAsync();
                    break;
                case "DELETE":
                    await DeleteAsync(context, caller, path);
                    break;
                default:
                    context.Response.Headers.Allow = "GET, HEAD, PUT, DELETE";
                    throw new RemoteFileException(StatusCodes.Status405MethodNotAllowed, "Files are read with GET and HEAD, written with PUT and removed with DELETE.");
            }
        }
        catch (RemoteFileException e) when (!context.Response.HasStarted)
        {
            await CimXmlEndpoint.RefuseAsync(context, e.StatusCode, null, e.Message);
        }
        catch (RemoteFileException)
        {
            // Half of the content has left; the client must not take it for the whole.
            context.Abort();
        }
    }

    private async Task GetAsync(HttpContext context, CimCaller caller, RemotePath path)
    {
        RemoteFile file = await files.FindAsync(caller, path, context.RequestAborted) ?? throw NotFound();
        if (file.IsDirectory)
        {
            await DirectoryListing.WriteAsync(context, path, files.ListAsync(caller, path, context.RequestAborted));
            return;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        Stream content = await files.OpenAsync(caller, path, context.RequestAborted);
        await Results.Stream(content, ContentType(file.Name), null, file.LastModified, Tag(file), enableRangeProcessing: true).ExecuteAsync(context);
    }

    private async Task DeleteAsync(HttpContext context, CimCaller caller, RemotePath path)
    {
        RemoteFile file = await files.FindAsync(caller, path, context.RequestAborted) ?? throw NotFound();
        DemandConditions(context.Request, file);
        await files.DeleteAsync(caller, path, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The entity tag of a file's content.</summary>
    internal static EntityTagHeaderValue Tag(RemoteFile file) => new($"\"{file.Version}\"");

    /// <summary>Checks the conditions of a request that changes a file (RFC 9110 §13.1).</summary>
    /// <exception cref="RemoteFileException">412.</exception>
    internal static void DemandConditions(HttpRequest request, RemoteFile? file)
    {
        Microsoft.AspNetCore.Http.Headers.RequestHeaders headers = request.GetTypedHeaders();
        bool holds = Matches(headers.IfMatch, file, strong: true) != false
            && Matches(headers.IfNoneMatch, file, strong: false) != true
            && (headers.IfMatch.Count > 0 || headers.IfUnmodifiedSince is not { } since || file is null || Seconds(file.LastModified) <= since);
        if (!holds)
        {
            throw new RemoteFileException(StatusCodes.Status412PreconditionFailed, "The file is not in the state that the request asks for; nothing was changed.");
        }
    }

    private static bool? Matches(IList<EntityTagHeaderValue> tags, RemoteFile? file, bool strong) => tags.Count == 0
        ? null
        : file is not null && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(Tag(file), strong));

    // HTTP dates have no fractions of a second.
    private static DateTimeOffset Seconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static RemoteFileException NotFound() => new(StatusCodes.Status404NotFound, "There is no such file.");

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".json" => "application/json",
        ".xml" => "text/xml",
        ".log" or ".txt" or ".conf" or ".cfg" or "" => "text/plain; charset=utf-8",
        ".tgz" or ".gz" => "application/gzip",
        _ => "application/octet-stream",
    };
}
