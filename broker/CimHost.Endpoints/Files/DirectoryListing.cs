using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CimHost.Endpoints.Files;

/// <summary>The entries of a directory as HTML for people or, where the request asks for it, as JSON.</summary>
internal static class DirectoryListing
{
    private const string Json = "application/json";

    /// <summary>Writes the listing while the entries come.</summary>
    public static async Task WriteAsync(HttpContext context, RemotePath path, IAsyncEnumerable<RemoteFile> entries)
    {
        bool asJson = PrefersJson(context.Request);
        context.Response.ContentType = asJson ? Json : "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = HeaderNames.Accept;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await (asJson ? WriteJsonAsync(context, entries) : WriteHtmlAsync(context, path, entries));
    }

    // JSON only for those who name it before HTML; a browser names both, with HTML first.
    private static bool PrefersJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted)
        && Quality(accepted, Json) > Quality(accepted, "text/html");

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();

    private static async Task WriteJsonAsync(HttpContext context, IAsyncEnumerable<RemoteFile> entries)
    {
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartArray();
        await foreach (RemoteFile file in entries)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString("type", file.IsDirectory ? "directory" : "file");
            json.WriteNumber("size", file.Size);
            json.WriteString("lastModified", file.LastModified);
            json.WriteBoolean("writable", file.IsWritable);
            json.WriteEndObject();
            if (json.BytesPending > 16 * 1024)
            {
                await json.FlushAsync(context.RequestAborted);
            }
        }

        json.WriteEndArray();
    }

    private static async Task WriteHtmlAsync(HttpContext context, RemotePath path, IAsyncEnumerable<RemoteFile> entries)
    {
        HttpResponse response = context.Response;
        string title = Html(context.Request.Path.Value ?? "/");
        await response.WriteAsync($"<!DOCTYPE html>\n<html><head><title>Index of {title}</title></head><body><h1>Index of {title}</h1>\n<table><tr><th>Name</th><th>Last modified (UTC)</th><th>Size</th></tr>\n");
        if (path.Segments.Count > 0)
        {
            await response.WriteAsync($"<tr><td><a href=\"{Html(Link(path with { Segments = [.. path.Segments.SkipLast(1)] }))}\">Parent directory</a></td><td></td><td></td></tr>\n");
        }

        await foreach (RemoteFile file in entries)
        {
            string slash = file.IsDirectory ? "/" : string.Empty;
            string size = file.IsDirectory ? string.Empty : file.Size.ToString(CultureInfo.InvariantCulture);
            string time = file.LastModified.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            await response.WriteAsync($"<tr><td><a href=\"{Html(Link(Child(path, file.Name)))}\">{Html(file.Name)}{slash}</a></td><td>{time}</td><td>{size}</td></tr>\n");
        }

        await response.WriteAsync("</table></body></html>\n");
    }

    private static RemotePath Child(RemotePath path, string name) => path is { Area: RemoteArea.Folder, Datastore: null }
        ? path with { Datastore = name }
        : path with { Segments = [.. path.Segments, name] };

    private static string Link(RemotePath path)
    {
        string area = path.Area switch { RemoteArea.Host => "/host", RemoteArea.Folder => "/folder", _ => "/tmp" };
        string below = string.Concat(path.Segments.Select(s => "/" + Uri.EscapeDataString(s)));
        return area + below + (path.Datastore is null ? string.Empty : $"?dcPath=ha-datacenter&dsName={Uri.EscapeDataString(path.Datastore)}");
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
