using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CimHost.Configuration;

namespace CimHost.Commands;

/// <summary><c>cimhost config</c>: the configuration as the file, the environment and the arguments make it.</summary>
internal static class ConfigCommand
{
    private const string Hidden = "(hidden)";

    // A package's own settings may hold what nobody should read from a terminal.
    private static readonly string[] s_secretWords = ["password", "secret", "token", "passphrase", "community", "credential", "key"];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "JSON for programs." };
        var command = new Command("config", "Show the configuration in force; settings are given as to serve.\nExample: cimhost config --Endpoints:CimXmlHttp=127.0.0.1:15988")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.Add(ClientOptions.Configuration);
        command.Add(json);
        command.SetAction((parsed, _) => RunAsync(parsed, parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, bool asJson)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        CimHostOptions options;
        try
        {
            options = ConfigurationLoader.Load(parsed.GetValue(ClientOptions.Configuration), parsed.UnmatchedTokens);
        }
        catch (ConfigurationException e)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(asJson ? JsonText.Error("Usage", e.Message) : $"cimhost: {e.Message}");
            return ExitCode.Usage;
        }

        List<(string Key, object Value)> settings = [.. Flatten(string.Empty, options)];
        if (!asJson)
        {
            foreach ((string key, object value) in settings)
            {
                await output.WriteLineAsync($"{key} = {CellText.Printable(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)}".TrimEnd());
            }

            return ExitCode.Success;
        }

        await output.WriteLineAsync(JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach ((string key, object value) in settings)
            {
                writer.WritePropertyName(key);
                JsonSerializer.Serialize(writer, value, value.GetType());
            }

            writer.WriteEndObject();
        }));
        return ExitCode.Success;
    }

    private static IEnumerable<(string Key, object Value)> Flatten(string prefix, object section)
    {
        foreach (PropertyInfo property in section.GetType().GetProperties().Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
        {
            object? value = property.GetValue(section);
            IEnumerable<(string Key, object Value)> settings = Settings(prefix + property.Name, value);
            foreach ((string Key, object Value) setting in settings)
            {
                yield return setting;
            }
        }
    }

    private static IEnumerable<(string Key, object Value)> Settings(string key, object? value) => value switch
    {
        null => [],
        string or int or double or bool or long or uint => [(key, IsSecret(key) ? Hidden : value)],
        IDictionary map => map.Keys.Cast<object>().SelectMany(k => Settings($"{key}:{k}", map[k])),
        IEnumerable list => list.Cast<object>().SelectMany((item, i) => Settings($"{key}:{i}", item)),
        Enum or TimeSpan => [(key, value.ToString()!)],
        _ => Flatten(key + ":", value),
    };

    // PasswordFile and its like name a place, PasswordQualityControl a rule; neither is a secret. The name of a community is one.
    private static bool IsSecret(string key)
    {
        string last = key[(key.LastIndexOf(':') + 1)..];
        return key.StartsWith("Snmp:Communities:", StringComparison.OrdinalIgnoreCase) && last == "Name"
            || !last.EndsWith("File", StringComparison.OrdinalIgnoreCase) && !last.EndsWith("QualityControl", StringComparison.OrdinalIgnoreCase) && s_secretWords.Any(w => last.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
