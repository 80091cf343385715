using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using CimHost.Configuration;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Client;
using Spectre.Console;

namespace CimHost.Commands;

/// <summary>What a client command works with, and how its failures become messages and exit codes.</summary>
internal sealed class CommandContext : IDisposable
{
    // Columns where the output is no terminal; programs ask for JSON instead.
    private const int WidthOfFiles = 160;

    private readonly bool _isLocal;

    private CommandContext(ParseResult parsed, ClientOptions options)
    {
        Parsed = parsed;
        Json = parsed.GetValue(options.Json);
        Namespace = parsed.GetValue(options.Namespace) ?? "root/cimv2";
        Session = options.Open(parsed, out _isLocal);
        Console = CreateConsole(parsed.InvocationConfiguration.Output);
    }

    /// <summary>The command line.</summary>
    public ParseResult Parsed { get; }

    /// <summary>Where results go.</summary>
    public TextWriter Output => Parsed.InvocationConfiguration.Output;

    /// <summary>Where messages go.</summary>
    public TextWriter Error => Parsed.InvocationConfiguration.Error;

    /// <summary>True for JSON.</summary>
    public bool Json { get; }

    /// <summary>CIM namespace.</summary>
    public string Namespace { get; }

    /// <summary>Session with the host.</summary>
    public CimSession Session { get; }

    /// <summary>Whether nobody between here and the host can read along: its own socket, or TLS.</summary>
    public bool IsConfidential => _isLocal || Session.ComputerName.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The output with tables and, on a terminal, colours.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Opens a session, runs a command and tells its failure.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, ClientOptions options, Func<CommandContext, CancellationToken, Task<int>> command, CancellationToken cancellationToken)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        CommandContext? context = null;
        try
        {
            context = new CommandContext(parsed, options);
            return await command(context, cancellationToken);
        }
        catch (CimException e)
        {
            return await FailAsync(parsed, options, ExitCode.Failed, e.StatusName, e.Message);
        }
        catch (CimSessionException e)
        {
            string message = context is { _isLocal: true } ? Local(context.Session.ComputerName, e) : e.Message;
            int code = e.Failure == CimSessionFailure.InvalidAnswer ? ExitCode.Failed : ExitCode.NotConnected;
            return await FailAsync(parsed, options, code, e.Failure.ToString(), message);
        }
        catch (Exception e) when (e is UsageException or ConfigurationException)
        {
            return await FailAsync(parsed, options, ExitCode.Usage, "Usage", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return await FailAsync(parsed, options, ExitCode.Failed, "File", e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("cimhost: interrupted.");
            return ExitCode.Interrupted;
        }
        finally
        {
            context?.Dispose();
        }
    }

    /// <summary>An object path of the command line.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static CimObjectPath Path(string text) => CimObjectPath.TryParse(text, out CimObjectPath? path)
        ? path!
        : throw new UsageException($"'{text}' is no object path; expected CLASS.KEY=\"value\",KEY2=3 with quotes around texts (and the whole in quotes for the shell).");

    /// <summary>Namespace of a path, or the command's.</summary>
    public string NamespaceOf(CimObjectPath path) => path.Namespace ?? Namespace;

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private static async Task<int> FailAsync(ParseResult parsed, ClientOptions options, int exitCode, string status, string message)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        await error.WriteLineAsync(parsed.GetValue(options.Json) ? JsonText.Error(status, message) : $"cimhost: {(exitCode == ExitCode.Failed && status.StartsWith("CIM_", StringComparison.Ordinal) ? status + ": " : string.Empty)}{CellText.Printable(message)}");
        return exitCode;
    }

    // The socket of the host on this computer: whether there is none, nobody listens at it, or it is somebody else's.
    private static string Local(string socket, CimSessionException failure) => (failure.InnerException?.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"Permission denied: {socket} may be opened by the user of the host only; run as that user, or name the host with --host.",
        SocketError.AddressNotAvailable => $"CimHost is not running here: there is no {socket}; start it with cimhost serve, or name another host with --host.",
        SocketError.ConnectionRefused => $"CimHost is not running here: nobody listens at {socket}; start it with cimhost serve, or name another host with --host.",
        _ => failure.Message,
    };

    /// <summary>A console on an output: with colours on a terminal, plain and wide elsewhere.</summary>
    internal static IAnsiConsole CreateConsole(TextWriter output)
    {
        bool isTerminal = ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns is >= 40 and <= 10_000 ? columns : WidthOfFiles;
        }

        return console;
    }
}
