using System.Globalization;
using System.Text;
using Xunit;

namespace CimHost.TestBed;

/// <summary>
/// Drives <c>wbemcli</c> (Debian package sblim-wbemcli), a WBEM client that knows nothing of this project, and reads what it prints.
/// With <c>-nl</c> it prints the path of an object on a line and each property on a line of its own that begins with a dash; a text
/// may go on over several lines.
/// </summary>
public sealed class Wbemcli(string scheme, string userName, string password, string authority)
{
    /// <summary>The client for a host over HTTP.</summary>
    public static Wbemcli Of(HostProcess host) => new("http", "root", host.Password, $"127.0.0.1:{host.HttpPort}");

    /// <summary>The client for a host over HTTPS.</summary>
    public static Wbemcli OverTls(HostProcess host) => new("https", "root", host.Password, $"127.0.0.1:{host.HttpsPort}");

    /// <summary>Host and port as they appear in printed paths.</summary>
    public string Authority => authority;

    /// <summary>Runs an operation on <c>namespace:Class.key="value"</c> (or on a printed path) with further arguments.</summary>
    public Task<ToolRun> RunAsync(string operation, string target, params string[] arguments) => RunAsync(operation, [], target, arguments);

    /// <summary>Runs an operation with options (-nl, -ac …) in front.</summary>
    public async Task<ToolRun> RunAsync(string operation, IReadOnlyList<string> options, string target, params string[] arguments)
    {
        ToolRun run = await Tool.RunAsync("wbemcli", [operation, .. options, Url(target), .. arguments], null, null);

        // Some releases of wbemcli end with 0 whatever happened and only print the error, between lines with a star.
        return run.ExitCode == 0 && run.Error.Contains("wbemcli: ", StringComparison.Ordinal) ? run with { ExitCode = 16 } : run;
    }

    /// <summary>EnumerateInstances.</summary>
    public Task<IReadOnlyList<WbemcliObject>> EnumerateAsync(string target, params string[] arguments) => ObjectsAsync("ei", ["-nl"], target, arguments);

    /// <summary>GetInstance.</summary>
    public async Task<WbemcliObject> GetAsync(string target, params string[] arguments) => Assert.Single(await ObjectsAsync("gi", ["-nl"], target, arguments));

    /// <summary>Any operation that prints paths, one a line.</summary>
    public async Task<IReadOnlyList<string>> PathsAsync(string operation, string target, params string[] options) =>
        (await RunAsync(operation, options, target)).Succeeded().Lines;

    /// <summary>Any operation that prints objects.</summary>
    public async Task<IReadOnlyList<WbemcliObject>> ObjectsAsync(string operation, IReadOnlyList<string> options, string target, params string[] arguments) =>
        Parse((await RunAsync(operation, options, target, arguments)).Succeeded().Output);

    /// <summary>InvokeMethod; returns the method's return value.</summary>
    /// <param name="path">A printed path.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="arguments"><c>Name=value</c> each.</param>
    public async Task<int> InvokeAsync(string path, string method, params string[] arguments)
    {
        string target = path[path.IndexOf("root/", StringComparison.Ordinal)..];
        ToolRun run = (await RunAsync("cm", target, arguments.Length == 0 ? method : $"{method}.{string.Join(',', arguments)}")).Succeeded();
        string line = run.Lines.First(l => l.Contains(method + ":", StringComparison.Ordinal));
        return int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Reads what <c>-nl</c> printed.</summary>
    public static IReadOnlyList<WbemcliObject> Parse(string output)
    {
        var objects = new List<WbemcliObject>();
        WbemcliObject? current = null;
        string? name = null;
        var value = new StringBuilder();
        foreach (string line in output.Split('\n'))
        {
            if (line.StartsWith('-') && current is not null && line.IndexOf('=', StringComparison.Ordinal) is > 1 and int equal)
            {
                Finish();
                name = line[1..equal];
                value.Append(line.AsSpan(equal + 1));
            }
            else if (current is null && line.Length > 0)
            {
                current = new WbemcliObject(line);
                objects.Add(current);
            }
            else if (line.Length == 0 && !IsOpenText(value))
            {
                // An empty line ends an object, unless it is inside a text.
                Finish();
                current = null;
            }
            else if (name is not null)
            {
                value.Append('\n').Append(line);
            }
        }

        Finish();
        return objects;

        void Finish()
        {
            if (current is not null && name is not null)
            {
                current.Add(name, value.ToString());
            }

            name = null;
            value.Clear();
        }
    }

    private static bool IsOpenText(StringBuilder value) => value.Length > 0 && value[0] == '"' && (value.Length == 1 || value[^1] != '"');

    private string Url(string target)
    {
        string path = target.StartsWith(authority, StringComparison.Ordinal) ? target[(authority.Length + 1)..] : target;
        return $"{scheme}://{userName}:{password}@{authority}/{path}";
    }
}
