using System.CommandLine;
using CimHost.Configuration;
using CimHost.Wbem.Client;

namespace CimHost.Commands;

/// <summary>The options that every client command has: which host, as whom, how to show.</summary>
internal sealed class ClientOptions
{
    private const string HostVariable = "CIMHOST_HOST";
    private const string UserVariable = "CIMHOST_USER";
    private const string PasswordVariable = "CIMHOST_PASSWORD";

    /// <summary>The configuration file, also of <c>serve</c>.</summary>
    public static Option<string?> Configuration { get; } = new("--config") { Description = "Configuration file (default: cimhost.json here, if there is one).", HelpName = "FILE" };

    /// <summary>Host.</summary>
    public Option<string?> Host { get; } = new("--host") { Description = $"Another host: https://NAME:5989 or http://NAME:5988 (default: {HostVariable}, else the host on this computer).", HelpName = "URL" };

    /// <summary>User.</summary>
    public Option<string?> User { get; } = new("--user", "-u") { Description = $"User of the other host (default: {UserVariable}); the password is read from {PasswordVariable}.", HelpName = "NAME" };

    /// <summary>Namespace.</summary>
    public Option<string> Namespace { get; } = new("--namespace", "-n") { Description = "CIM namespace.", HelpName = "NAMESPACE", DefaultValueFactory = static _ => "root/cimv2" };

    /// <summary>JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "JSON for programs instead of tables." };

    /// <summary>No check of the certificate.</summary>
    public Option<bool> Insecure { get; } = new("--insecure") { Description = "Take any certificate of the other host." };

    /// <summary>Pinned certificate.</summary>
    public Option<string?> Thumbprint { get; } = new("--thumbprint") { Description = "SHA-256 of the certificate that the other host must have.", HelpName = "HEX" };

    /// <summary>Longest silence.</summary>
    public Option<double> Timeout { get; } = new("--timeout") { Description = "Longest silence of the host, in seconds.", HelpName = "SECONDS", DefaultValueFactory = static _ => 60 };

    /// <summary>Where the local host keeps its socket.</summary>
    public Option<string?> StateDirectory { get; } = new("--StateDirectory") { Description = "State directory of the host on this computer, where its socket is.", HelpName = "FOLDER" };

    /// <summary>Gives a command these options.</summary>
    public Command AddTo(Command command, bool hasNamespace = true)
    {
        Option[] options = [Host, User, Json, Insecure, Thumbprint, Timeout, Configuration, StateDirectory];
        if (hasNamespace)
        {
            command.Add(Namespace);
        }

        foreach (Option option in options)
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>A session with the host that the command line names.</summary>
    /// <exception cref="UsageException">Options contradict each other or are wrong.</exception>
    /// <exception cref="ConfigurationException">The configuration that names the socket is wrong.</exception>
    public CimSession Open(ParseResult parsed, out bool isLocal)
    {
        string? host = parsed.GetValue(Host) ?? NotEmpty(HostVariable);
        string? user = parsed.GetValue(User) ?? NotEmpty(UserVariable);
        double seconds = parsed.GetValue(Timeout);
        isLocal = host is null;
        if (!(seconds is > 0 and <= 86_400))
        {
            throw new UsageException($"--timeout {seconds}: expected a number of seconds from above 0 to 86400.");
        }

        var options = new CimSessionOptions { Timeout = TimeSpan.FromSeconds(seconds) };
        if (host is null)
        {
            string? state = parsed.GetValue(StateDirectory);
            string[] settings = state is null ? [] : [$"--StateDirectory={state}"];
            return CimSession.CreateLocal(ConfigurationLoader.Load(parsed.GetValue(Configuration), settings).SocketPath, options);
        }

        string? password = Environment.GetEnvironmentVariable(PasswordVariable);
        if (user is not null && password is null)
        {
            throw new UsageException($"The password of {user} is missing; put it into the environment variable {PasswordVariable}.");
        }

        try
        {
            return CimSession.Create(host, options with
            {
                UserName = user,
                Password = password,
                CertificateThumbprint = parsed.GetValue(Thumbprint),
                AcceptAnyCertificate = parsed.GetValue(Insecure),
            });
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static string? NotEmpty(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
