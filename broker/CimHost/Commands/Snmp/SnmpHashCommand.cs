using System.CommandLine;
using CimHost.Configuration;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Security;

namespace CimHost.Commands.Snmp;

/// <summary><c>cimhost snmp hash</c>: makes the key that the configuration may hold instead of a password. Needs no running host.</summary>
internal static class SnmpHashCommand
{
    private const int MaxPassword = 4096;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var authentication = new Option<AuthenticationProtocol>("--authentication") { Description = "The user's authentication protocol.", DefaultValueFactory = static _ => AuthenticationProtocol.Sha256 };
        var privacy = new Option<PrivacyProtocol>("--privacy") { Description = "For the key of a privacy protocol; not given: for that of the authentication protocol." };
        var engine = new Option<string?>("--engine") { Description = "Identity of the engine, in hexadecimal (default: the engine of the host on this computer).", HelpName = "HEX" };
        var file = new Option<string?>("--file") { Description = "File with the password in its first line (default: standard input).", HelpName = "FILE" };
        var state = new Option<string?>("--StateDirectory") { Description = "State directory of the host on this computer.", HelpName = "FOLDER" };
        var command = new Command(
            "hash",
            "Print the key of a password for this host's engine, for Snmp:Users:N:AuthenticationKey and :PrivacyKey. It is as secret as the password, but of no use elsewhere.\n"
            + "Example: cimhost snmp hash --authentication Sha256 < password");
        foreach (Option option in new Option[] { authentication, privacy, engine, file, state, ClientOptions.Configuration })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, token) =>
        {
            try
            {
                byte[] engineId = EngineId(parsed.GetValue(engine), parsed.GetValue(state), parsed.GetValue(ClientOptions.Configuration));
                string password = await ReadAsync(parsed.GetValue(file), token);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(LocalisedKeys.Make(parsed.GetValue(authentication), parsed.GetValue(privacy), password, engineId));
                return ExitCode.Success;
            }
            catch (Exception e) when (e is FormatException or UsageException or ConfigurationException or IOException or InvalidDataException or UnauthorizedAccessException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"cimhost: {e.Message}");
                return e is IOException or InvalidDataException or UnauthorizedAccessException ? ExitCode.Failed : ExitCode.Usage;
            }
        });
        return command;
    }

    private static byte[] EngineId(string? given, string? state, string? configuration)
    {
        if (given is not null)
        {
            string digits = given.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? given[2..] : given;
            return digits.Length is >= 10 and <= 64 && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(digits)
                : throw new UsageException($"--engine '{given}': expected 5 to 32 octets in hexadecimal.");
        }

        string path = Path.Combine(state ?? ConfigurationLoader.Load(configuration, []).StateDirectory, "snmp-engine");
        return File.Exists(path)
            ? SnmpEngineFacts.ReadId(path)
            : throw new UsageException($"There is no engine yet ({path}): start the host once with Endpoints:Snmp, or name an engine with --engine.");
    }

    private static async Task<string> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        using TextReader reader = file is null ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(file);
        char[] text = new char[MaxPassword];
        int length = await reader.ReadBlockAsync(text, cancellationToken);
        int end = text.AsSpan(0, length).IndexOfAny('\r', '\n');
        return new string(text, 0, end < 0 ? length : end);
    }
}
