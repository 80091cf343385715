using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Tests.Providers;

/// <summary>Makes provider packages as a vendor would: compiled source, manifest, MOF, each in a folder of its own.</summary>
internal static class PackageFolder
{
    public const string Mof = "class V_{0} {{ [Key] string Id; string Host; }};";

    public const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Composition;
        using System.Threading;
        using CimHost.Sdk.Cim;
        using CimHost.Sdk.Providers;

        [CimProvider("V_{0}", MaxAgeSeconds = 2.5, DeadlineSeconds = 7)]
        [method: ImportingConstructor]
        public sealed class Provider{0}(IProviderHost host) : ICimProvider
        {{
            public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
            {{
                CimInstance instance = request.NewInstance();
                instance["Id"] = "from {0}";
                instance["Host"] = host.SystemName;
                yield return instance;
                await System.Threading.Tasks.Task.CompletedTask;
            }}
        }}
        """;

    /// <summary>A package that works: class V_NAME with one instance.</summary>
    public static string Good(string root, string name) => Make(root, name, Compile(name, string.Format(Source, name)), string.Format(Mof, name));

    /// <summary>A package of these parts; null leaves a part out.</summary>
    public static string Make(string root, string name, byte[]? assembly, string? mof, string? manifest = null)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "provider.json"), manifest ?? Manifest(name));
        if (assembly is not null)
        {
            File.WriteAllBytes(Path.Combine(folder, name + ".dll"), assembly);
        }

        if (mof is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder, "Schema"));
            File.WriteAllText(Path.Combine(folder, "Schema", name + ".mof"), mof);
        }

        return folder;
    }

    public static string Manifest(string name, string abi = PackageManifest.CurrentAbi, string? assembly = null) =>
        $$"""{"name": "{{name}}", "version": "1.2", "abi": "{{abi}}", "assembly": "{{assembly ?? name + ".dll"}}", "vendor": "Vendor", "description": "A test"}""";

    public static byte[] Compile(string name, string source)
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        CSharpCompilation compilation = CSharpCompilation.Create(
            name + Guid.NewGuid().ToString("N"),
            [CSharpSyntaxTree.ParseText(source)],
            trusted.Split(Path.PathSeparator).Where(p => Path.GetFileName(p) is string file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "CimHost.Sdk.dll" or "netstandard.dll")).Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return image.ToArray();
    }
}

/// <summary>What a test offers to packages.</summary>
internal sealed class TestProviderHost : IProviderHost
{
    public IHardware Hardware => throw new NotSupportedException("These providers read no hardware.");

    public ICimOperations Cim => throw new NotSupportedException("These providers use no operations.");

    public TimeProvider Time => TimeProvider.System;

    public IProviderLog Log => throw new NotSupportedException("These providers log nothing.");

    public IReadOnlyDictionary<string, string> Configuration { get; } = new Dictionary<string, string>();

    public string SystemName => "test-host";
}

/// <summary>Keeps what was logged.</summary>
internal sealed class ListLogger<T> : ILogger<T>
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_text)
        {
            _text.AppendLine($"{logLevel} {eventId.Id} {formatter(state, exception)}");
        }
    }
}
