using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace CimHost.Endpoints.Files;

/// <summary>A file that a request names: <c>/host/&lt;name&gt;</c>, <c>/folder/&lt;path&gt;?dcPath=…&amp;dsName=…</c> or <c>/tmp/&lt;path&gt;</c>.</summary>
/// <param name="Area">The area.</param>
/// <param name="Datastore">Name of the datastore; null outside <see cref="RemoteArea.Folder"/> and where the datastores are listed.</param>
/// <param name="Segments">Names below the area, none of them empty, "." or ".."; empty for the area itself.</param>
public sealed record RemotePath(RemoteArea Area, string? Datastore, IReadOnlyList<string> Segments)
{
    /// <summary>Longest path, in characters.</summary>
    public const int MaxLength = 4_000;

    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 255;

    private const string Datacenter = "ha-datacenter";

    private static readonly (string Prefix, RemoteArea Area)[] s_areas =
        [("/host", RemoteArea.Host), ("/folder", RemoteArea.Folder), ("/tmp", RemoteArea.Temporary)];

    /// <summary>The names with slashes between them, without a leading one.</summary>
    public string Text => string.Join('/', Segments);

    /// <summary>Whether a request's path lies in an area.</summary>
    public static bool IsPath(PathString path) => s_areas.Any(a => path.StartsWithSegments(a.Prefix, StringComparison.Ordinal));

    /// <summary>Reads path and query of a request. Slashes may come as %2F, as ESXi's clients send them.</summary>
    /// <exception cref="RemoteFileException">400, 404 or 414, with what is wrong.</exception>
    public static RemotePath Read(HttpRequest request)
    {
        foreach ((string prefix, RemoteArea area) in s_areas)
        {
            if (request.Path.StartsWithSegments(prefix, StringComparison.Ordinal, out PathString rest))
            {
                string? datastore = area == RemoteArea.Folder ? ReadDatastore(request.Query) : null;
                IReadOnlyList<string> segments = Split(rest.Value ?? string.Empty);
                return area == RemoteArea.Folder && datastore is null && segments.Count > 0
                    ? throw new RemoteFileException(StatusCodes.Status400BadRequest, "The query has to name the datastore: ?dsName=…")
                    : new RemotePath(area, datastore, segments);
            }
        }

        throw new RemoteFileException(StatusCodes.Status404NotFound, "There is nothing at this path.");
    }

    private static string? ReadDatastore(IQueryCollection query)
    {
        string datacenter = query["dcPath"].ToString().Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Trim('/');
        if (datacenter.Length > 0 && datacenter != Datacenter)
        {
            throw new RemoteFileException(StatusCodes.Status404NotFound, $"There is no datacenter '{datacenter}'; this host has {Datacenter}.");
        }

        string datastore = query["dsName"].ToString();
        return datastore.Length == 0 ? null : IsName(datastore, out string? why) ? datastore : throw new RemoteFileException(StatusCodes.Status400BadRequest, $"dsName: {why}");
    }

    private static List<string> Split(string path)
    {
        string decoded = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (decoded.Length > MaxLength)
        {
            throw new RemoteFileException(StatusCodes.Status414UriTooLong, $"A path has at most {MaxLength} characters.");
        }

        List<string> segments = [];
        foreach (string name in decoded.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsName(name, out string? why))
            {
                throw new RemoteFileException(name.Length > MaxName ? StatusCodes.Status414UriTooLong : StatusCodes.Status400BadRequest, why);
            }

            segments.Add(name);
        }

        return segments;
    }

    // Names go up nowhere: no "..", whatever the encoding it came in.
    private static bool IsName(string name, [NotNullWhen(false)] out string? why)
    {
        why = name.Length > MaxName ? $"A name has at most {MaxName} characters."
            : name is "." or ".." ? "A path must not hold . or .. as a name."
            : name.Any(c => c is '/' || char.IsControl(c)) ? "A name must not hold slashes or control characters."
            : null;
        return why is null;
    }
}
