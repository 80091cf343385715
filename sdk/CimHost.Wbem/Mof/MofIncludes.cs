namespace CimHost.Wbem.Mof;

/// <summary>
/// Follows <c>#pragma include</c>. A file that is among the sources is compiled once, whoever includes it. Others are read from beside the
/// including file, if that is a file itself, and only from below the folder of the file that the compilation started with.
/// </summary>
internal sealed class MofIncludes(MofSource[] sources, List<MofFile> files, List<MofDiagnostic> diagnostics)
{
    private const int MaxDepth = 64;
    private const int MaxFiles = 20_000;

    private readonly HashSet<string> _known = new(sources.Select(s => Normal(s.Name)), StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Including> _queue = new();

    /// <summary>Reads and parses what the sources include, and what that includes.</summary>
    public void Read()
    {
        for (int i = 0; i < sources.Length; i++)
        {
            _queue.Enqueue(new Including(sources[i].Name, files[i], sources[i].IsOnDisk ? Folder(sources[i].Name) : null, 0));
        }

        while (_queue.TryDequeue(out Including? at))
        {
            foreach ((string include, int position) in at.File.Includes)
            {
                Follow(at, include, position);
            }
        }
    }

    private void Follow(Including at, string include, int position)
    {
        string path = Normal(Join(Folder(at.Name), include));

        // In an archive the names often start at its root and not at the including file.
        if (_known.Contains(path) || _known.Contains(Normal(include)))
        {
            return;
        }

        if (Problem(at, include, path) is { } problem)
        {
            diagnostics.Add(at.File.Text.At(position, MofSeverity.Error, problem));
            return;
        }

        _known.Add(path);
        try
        {
            MofFile file = MofCompiler.Parse(MofSource.FromFile(path));
            files.Add(file);
            _queue.Enqueue(new Including(path, file, at.Root, at.Depth + 1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            diagnostics.Add(at.File.Text.At(position, MofSeverity.Error, $"the included file '{include}' cannot be read: {e.Message}"));
        }
    }

    private string? Problem(Including at, string include, string path)
    {
        if (at.Root is null)
        {
            return $"the included file '{include}' is not among the files that are compiled";
        }

        if (Path.IsPathRooted(include) || include.Contains('\0', StringComparison.Ordinal) || !IsBelow(path, Normal(at.Root)))
        {
            return $"the included file '{include}' lies outside of the folder '{(at.Root.Length == 0 ? "." : at.Root)}'";
        }

        return at.Depth == MaxDepth ? $"files are included deeper than {MaxDepth}"
            : files.Count >= MaxFiles ? $"more than {MaxFiles} files are included"
            : File.Exists(path) ? null : $"the included file '{include}' does not exist";
    }

    private static bool IsBelow(string path, string folder) => folder.Length == 0
        ? path != ".." && !path.StartsWith("../", StringComparison.Ordinal)
        : path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);

    private static string Join(string folder, string name) => folder.Length == 0 ? name : folder.EndsWith('/') ? folder + name : folder + "/" + name;

    private static string Folder(string name)
    {
        int slash = name.LastIndexOf('/');
        return slash < 0 ? string.Empty : slash == 0 ? "/" : name[..slash];
    }

    private static string Normal(string path)
    {
        var parts = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] is not ("" or ".."))
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != "." && (part.Length > 0 || parts.Count == 0))
            {
                parts.Add(part);
            }
        }

        return parts is [""] ? "/" : string.Join('/', parts);
    }

    private sealed record Including(string Name, MofFile File, string? Root, int Depth);
}
