using System.CommandLine;
using System.CommandLine.Invocation;
using CimHost.Commands.Hardware;
using CimHost.Commands.Snmp;
using CimHost.Commands.Users;

namespace CimHost.Commands;

/// <summary>Runs the host: configuration file or null, settings as <c>--Section:Key=value</c>, and the token that asks it to stop.</summary>
public delegate Task<int> ServeHandler(string? configurationFile, IReadOnlyList<string> settings, CancellationToken cancellationToken);

/// <summary>The command line of <c>cimhost</c>.</summary>
public static class CommandLine
{
    private const string ServeName = "serve";

    /// <summary>Parses the arguments and runs the command; returns the exit code.</summary>
    /// <param name="arguments">Arguments without the program's name.</param>
    /// <param name="serve">What <c>serve</c> does.</param>
    /// <param name="output">Where results go; null: standard output.</param>
    /// <param name="error">Where messages go; null: standard error.</param>
    /// <param name="cancellationToken">Interrupts the command besides Ctrl-C.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, ServeHandler serve, TextWriter? output = null, TextWriter? error = null, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = Build(serve).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration
        {
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
            EnableDefaultExceptionHandler = false,

            // A client command ends its requests by itself; past this the process is left without more ado. The host minds SIGTERM itself.
            ProcessTerminationTimeout = parsed.CommandResult.Command.Name == ServeName ? null : TimeSpan.FromSeconds(15),
        };
        int code = await parsed.InvokeAsync(invocation, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
    }

    /// <summary>The commands.</summary>
    public static RootCommand Build(ServeHandler serve)
    {
        var client = new ClientOptions();
        var root = new RootCommand("CimHost, a hardware-monitoring host: it loads CIM providers, reads hardware through them and answers WBEM clients.\n" + ExitCode.Help)
        {
            Serve(serve),
            QueryCommand.Create(client),
            GetCommand.Create(client),
            EnumerateCommand.Create(client),
            AssociationCommand.CreateAssociators(client),
            AssociationCommand.CreateReferences(client),
            InvokeCommand.Create(client),
            ClassesCommand.Create(client),
            MofCommand.Create(client),
            SensorsCommand.Create(client),
            PackagesCommand.Create(client),
            AlertsCommand.Create(client),
            SnmpCommand.Create(client),
            ServiceCommand.Create(client),
            TopCommand.Create(client),
            KillCommand.Create(client),
            DeviceCommand.Create(client),
            HardwareCommand.Create(client),
            UserCommand.Create(client),
            GroupCommand.Create(client),
            RoleCommand.Create(client),
            PermissionCommand.Create(client),
            ConfigCommand.Create(),
            BootCommand.Create(),
            BootCommand.CreateSystem(),
        };
        root.Add(CompletionCommand.Create());
        return root;
    }

    private static Command Serve(ServeHandler serve)
    {
        var command = new Command(
            ServeName,
            "Run the host until SIGTERM. Settings override cimhost.json and the environment.\n"
            + "Example: cimhost serve --Machine=samples/machines/rack-server --Endpoints:CimXmlHttp=127.0.0.1:15988")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.Add(ClientOptions.Configuration);
        command.SetAction((parsed, token) => RunServeAsync(serve, parsed, token));
        return command;
    }

    private static async Task<int> RunServeAsync(ServeHandler serve, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith("--", StringComparison.Ordinal) || !t.Contains('=', StringComparison.Ordinal)) is { } wrong)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"cimhost: '{wrong}' is no setting; expected --Section:Key=value.");
            return ExitCode.Usage;
        }

        return await serve(parsed.GetValue(ClientOptions.Configuration), parsed.UnmatchedTokens, cancellationToken);
    }
}
