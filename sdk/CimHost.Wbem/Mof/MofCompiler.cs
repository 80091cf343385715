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

        new MofIncludes(all, files, diagnostics).Read();
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

    internal static MofFile Parse(MofSource source)
    {
        var diagnostics = new List<MofDiagnostic>();
        MofText text = MofText.Decode(source, diagnostics);
        MofFile file = MofParser.Parse(text);
        file.Diagnostics.InsertRange(0, diagnostics);
        return file;
    }
}
