using CimHost.Commands;
using CimHost.Wbem.Tests.Client;

namespace CimHost.Wbem.Tests.Commands;

/// <summary>The command line against a scripted local host: a state directory with a socket in it.</summary>
internal sealed class CommandRun : IAsyncDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("cimhost-cli-").FullName;
    private readonly ScriptedWbemServer? _server;

    public CommandRun(Func<ScriptedRequest, ScriptedAnswer?>? answer = null) =>
        _server = answer is null ? null : ScriptedWbemServer.StartLocal(Path.Combine(_state, "cimhost.sock"), answer);

    public string Output { get; private set; } = string.Empty;

    public string Error { get; private set; } = string.Empty;

    public IReadOnlyCollection<ScriptedRequest> Requests => _server!.Requests;

    /// <summary>A path in the folder of the test.</summary>
    public string File(string name) => Path.Combine(_state, name);

    /// <summary>Runs a client command on the scripted host; returns the exit code.</summary>
    public Task<int> RunAsync(params string[] arguments) => RunRawAsync([.. arguments, $"--StateDirectory={_state}"]);

    /// <summary>Runs a command line as it is.</summary>
    public async Task<int> RunRawAsync(string[] arguments, ServeHandler? serve = null, CancellationToken cancellationToken = default)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = await CommandLine.RunAsync(arguments, serve ?? (static (_, _, _) => throw new InvalidOperationException("serve was not asked for")), output, error, cancellationToken);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_state, recursive: true);
    }
}
