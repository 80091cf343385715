using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>
/// Compiles MOF (DSP0004 2.x). All files are parsed first, so that their order does not matter; then qualifier declarations, classes and
/// instances are made, in this order. With an error nothing is handed out.
/// </summary>
public static class MofCompiler
{
    /// <summary>Errors and warnings that are kept.</summary>
    public const int MaxDiagnostics = 50;

    private const int MaxIncludeDepth = 64;

    /// <summary>Compiles sources.</summary>
    public static MofCompilation Compile(IEnumerable<MofSource> sources, MofCompilerOptions options)
    {
        MofSource[] all = sources.ToArray();
        var parsed = new MofFile?[all.Length];
        Parallel.For(0, all.Length, i => parsed[i] = Parse(all[i]));
        var files = new List<MofFile>();
        var diagnostics = new List<MofDiagnostic>();
        foreach (MofFile? file in parsed)
        {
            files.Add(file!);
        }

        ReadIncludes(all, files, diagnostics);
        foreach (MofFile file in files)
        {
            diagnostics.AddRange(file.Diagnostics);
        }

        // Meaning is only looked for where the syntax is right: a class that could not be read would be "missing" everywhere.
        if (diagnostics.Any(d => d.Severity == MofSeverity.Error))
        {
            return new MofCompilation(Bounded(diagnostics), []);
        }

        var binder = new MofBinder(files, options, diagnostics);
        IReadOnlyList<MofNamespace> namespaces = binder.Bind();
        return diagnostics.Any(d => d.Severity == MofSeverity.Error)
            ? new MofCompilation(Bounded(diagnostics), [])
            : new MofCompilation(Bounded(diagnostics), namespaces);
    }

    // What is wrong in every namespace that gets it is told once.
    private static List<MofDiagnostic> Bounded(List<MofDiagnostic> diagnostics) =>
        diagnostics.Distinct().OrderBy(d => d.Severity == MofSeverity.Error ? 0 : 1).Take(MaxDiagnostics).ToList();

    private static MofFile Parse(MofSource source)
    {
        var diagnostics = new List<MofDiagnostic>();
        MofText text = MofText.Decode(source, diagnostics);
        MofFile file = MofParser.Parse(text);
        file.Diagnostics.InsertRange(0, diagnostics);
        return file;
    }

    // A file that is among the sources is compiled once, whoever includes it. Others are read from beside the including file, and only
    // from below the folder of the file that the compilation started with.
    private static void ReadIncludes(MofSource[] sources, List<MofFile> files, List<MofDiagnostic> diagnostics)
    {
        var known = new HashSet<string>(sources.Select(s => Normal(s.Name)), StringComparer.OrdinalIgnoreCase);
        var queue = new Queue<(string Name, MofFile File, string Root, int Depth)>();
        for (int i = 0; i < sources.Length; i++)
        {
            queue.Enqueue((sources[i].Name, files[i], Folder(sources[i].Name), 0));
        }

        while (queue.TryDequeue(out (string Name, MofFile File, string Root, int Depth) at))
        {
            var text = new Lazy<MofText>(() => MofText.Decode(sources.FirstOrDefault(s => s.Name == at.Name) ?? new MofSource(at.Name, File.Exists(at.Name) ? File.ReadAllText(at.Name) : string.Empty), []));
            foreach ((string include, int position) in at.File.Includes)
            {
                string path = Normal(Folder(at.Name).Length == 0 ? include : Folder(at.Name) + "/" + include);
                if (!known.Add(path) || known.Contains(Normal(include)))
                {
                    continue;
                }

                if (Path.IsPathRooted(include) || !path.StartsWith(Normal(at.Root), StringComparison.Ordinal) || path.StartsWith("..", StringComparison.Ordinal))
                {
                    diagnostics.Add(text.Value.At(position, MofSeverity.Error, $"the included file '{include}' lies outside of the folder '{at.Root}'"));
                }
                else if (at.Depth == MaxIncludeDepth || !File.Exists(path))
                {
                    diagnostics.Add(text.Value.At(position, MofSeverity.Error, at.Depth == MaxIncludeDepth ? "files are included too deep" : $"the included file '{include}' does not exist"));
                }
                else
                {
                    MofFile file = Parse(MofSource.FromPath(path)[0]);
                    files.Add(file);
                    queue.Enqueue((path, file, at.Root, at.Depth + 1));
                }
            }
        }
    }

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
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
