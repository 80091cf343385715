using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CimHost.TestBed;

namespace CimHost.Guest;

/// <summary>
/// CimHost as the guest runs it: the built host with its assemblies compiled ahead of time (ReadyToRun), the .NET runtime of this machine, and
/// the settings of both. On an emulated processor most of the time of a host that has just started is .NET's compiler.
/// </summary>
internal static class GuestHost
{
    /// <summary>
    /// Shell command that sets the environment of <c>/app/cimhost</c> in the guest. What is still compiled there is compiled once, without
    /// optimisation: nothing runs long enough to pay for a better version.
    /// </summary>
    public const string Environment =
        "export DOTNET_ROOT=/dotnet DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_EnableDiagnostics=0 DOTNET_TieredCompilation=0 DOTNET_JITMinOpts=1";

    /// <summary>
    /// Arguments of <c>/app/cimhost</c> that serves CIM-XML over the network, and nothing that costs an emulated processor more than it is worth
    /// here: no second listener, no look at all devices every half minute for alerts, a password hash of few rounds.
    /// </summary>
    public const string Serve =
        "serve --StateDirectory=/tmp/state --Endpoints:CimXmlHttp=0.0.0.0:5988 --Endpoints:CimXmlHttps= --Endpoints:Https= --Endpoints:Snmp= --Alerts:PollSeconds=3600 --Security:PasswordHash=Sha512Crypt";

    /// <summary>Pause between two questions of a test that waits for the host: each takes processor time from what is waited for.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Libraries for mail and its cryptography, a third of all code: nothing in the guest sends mail.
    private static readonly string[] s_leftAlone = ["BouncyCastle.Cryptography.dll", "MailKit.dll", "MimeKit.dll"];
    private static readonly string s_runtime = RuntimeEnvironment.GetRuntimeDirectory();
    private static readonly Lazy<Task<string>> s_folder = new(CompileAsync);

    /// <summary>The installation of .NET that runs this test.</summary>
    public static string DotnetFolder { get; } = Path.GetFullPath(Path.Combine(s_runtime, "..", "..", ".."));

    /// <summary>Shared objects whose libraries a guest needs for .NET. It loads OpenSSL by name at run time, so that no binary shows the dependency.</summary>
    public static IReadOnlyList<string> Libraries =>
    [
        Path.Combine(s_runtime, "libcoreclr.so"), Path.Combine(s_runtime, "libSystem.Native.so"),
        .. new[] { "libssl.so.3", "libcrypto.so.3" }.SelectMany(name =>
            new[] { "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib" }.Select(folder => Path.Combine(folder, name)).Where(File.Exists).Take(1)),
    ];

    /// <summary>
    /// The folder of the host, compiled ahead of time by the compiler that the build restored. It is kept in the artifacts until the host
    /// or the runtime changes.
    /// </summary>
    /// <exception cref="InvalidOperationException">The compiler is not there or failed; the message is what it printed.</exception>
    public static Task<string> FolderAsync() => s_folder.Value;

    private static async Task<string> CompileAsync()
    {
        string built = Path.GetDirectoryName(RepositoryRoot.HostExecutable)!;
        string compiled = Path.Combine(RepositoryRoot.Artifacts, "guest", "host-" + await DigestAsync(built));
        if (Directory.Exists(compiled))
        {
            return compiled;
        }

        // Moved to its place when it is complete; what was there is older.
        if (Directory.Exists(Path.GetDirectoryName(compiled)))
        {
            Directory.Delete(Path.GetDirectoryName(compiled)!, recursive: true);
        }

        string unfinished = compiled + ".unfinished";
        foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(unfinished, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // Not those of provider packages: the runtime uses no compiled code of assemblies that can be unloaded.
        await Parallel.ForEachAsync(
            Directory.EnumerateFiles(built, "*.dll").Where(file => !s_leftAlone.Contains(Path.GetFileName(file))),
            async (file, _) => (await Tool.RunAsync(Compiler, [file, "-o", Path.Combine(unfinished, Path.GetFileName(file)), "-O", .. References(built)], null, null)).Succeeded());
        Directory.Move(unfinished, compiled);
        return compiled;
    }

    private static string Compiler
    {
        get
        {
            string path = typeof(GuestHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Crossgen").Value!;
            return File.Exists(path) ? path : throw new InvalidOperationException($"{path}, which compiles the guest's host ahead of time, is not there: dotnet restore tests/CimHost.Guest fetches it.");
        }
    }

    private static IEnumerable<string> References(string built) =>
        new[] { built, s_runtime, Path.Combine(DotnetFolder, "shared", "Microsoft.AspNetCore.App", Path.GetFileName(s_runtime.TrimEnd(Path.DirectorySeparatorChar))) }
            .SelectMany(folder => new[] { "-r", Path.Combine(folder, "*.dll") });

    // Of all that the result depends on.
    private static async Task<string> DigestAsync(string built)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Compiler + s_runtime));
        foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(built, file)));
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
