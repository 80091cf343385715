using System.Security.Cryptography;
using System.Text;
using CimHost.ObjectManager.Repository;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;

namespace CimHost.ObjectManager.Schema;

/// <summary>
/// Brings MOF into the repository. What was compiled once is remembered by the hash of its files: a start with unchanged files parses
/// nothing.
/// </summary>
public sealed class MofInstaller(CimRepository repository)
{
    /// <summary>MOF files that were compiled by this process.</summary>
    public int CompiledFiles { get; private set; }

    /// <summary>
    /// Compiles the MOF of a package unless exactly these files were compiled before. Null when it is in place; else the errors.
    /// </summary>
    /// <param name="package">Name under which the hash is kept.</param>
    /// <param name="folder">Folder of MOF files; one that does not exist has none.</param>
    /// <param name="namespaces">Namespaces into which it is compiled, except for what its pragmas put elsewhere.</param>
    /// <param name="cancellationToken">Ends the wait for other changes.</param>
    public async ValueTask<string?> InstallAsync(string package, string folder, IReadOnlyList<string> namespaces, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        IReadOnlyList<MofSource> sources;
        try
        {
            sources = MofSource.FromPath(folder);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return e.Message;
        }

        string hash = Hash(sources, namespaces);
        if (repository.AppliedMofHash(package) == hash)
        {
            return null;
        }

        MofCompilation compilation = Compile(sources, namespaces);
        if (!compilation.Success)
        {
            return string.Join('\n', compilation.Diagnostics);
        }

        try
        {
            await repository.ApplyAsync(Batches(compilation), package, hash, cancellationToken);
            return null;
        }
        catch (CimException e)
        {
            return e.Message;
        }
    }

    /// <summary>Compiles sources against what the repository holds.</summary>
    /// <param name="sources">The files.</param>
    /// <param name="namespaces">One namespace or more, each of which gets what no pragma puts elsewhere.</param>
    public MofCompilation Compile(IReadOnlyList<MofSource> sources, params IReadOnlyList<string> namespaces)
    {
        CompiledFiles += sources.Count;
        return MofCompiler.Compile(sources, new MofCompilerOptions
        {
            Namespace = namespaces[0],
            AlsoInto = [.. namespaces.Skip(1)],
            NormalizeNamespace = CimSchema.NormalizeNamespace,
            FindClass = repository.Schema.FindClass,
            FindQualifier = (ns, name) => repository.Schema.Exists(ns) ? repository.Schema.FindQualifier(ns, name) : null,
        });
    }

    /// <summary>A compilation as the repository takes it.</summary>
    public static IReadOnlyList<SchemaBatch> Batches(MofCompilation compilation) =>
        [.. compilation.Namespaces.Select(n => new SchemaBatch(n.Name, n.Qualifiers, n.Classes, n.Instances))];

    private static string Hash(IReadOnlyList<MofSource> sources, IReadOnlyList<string> namespaces)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', namespaces)));
        foreach (MofSource source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(source.Name) + "\0" + source.Content.Length + "\0"));
            hash.AppendData(source.Content.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
