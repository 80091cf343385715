using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>
/// What the head of a runlevel script under /etc/init.d says of its service: the comment block of the Linux Standard Base
/// (LSB 5.0 Core, 22.3 "Comment Conventions for Init Scripts") and the line <c># chkconfig: on 20 80</c>, and what its assignments say of the
/// program, as scripts of service runners do: <c>command="/path"</c>, <c>command_args="a b"</c>, <c>notify="fd:3"</c>,
/// <c>memory_limit="64M"</c>. A pure codec: the host has no shell, and nothing else of the script is run.
/// </summary>
/// <param name="Name">Name of the script's file, which is the name of the service.</param>
public sealed record RunlevelScript(string Name)
{
    /// <summary>How much of a script is looked at, in bytes and lines; the head is to end within.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    /// <summary>Most lines that are looked at.</summary>
    public const int MaxHeadLines = 200;

    private const int MaxNames = 64;
    private const string Begin = "### BEGIN INIT INFO";
    private const string End = "### END INIT INFO";

    /// <summary>What others may require it as, besides its name (<c>Provides</c>).</summary>
    public ImmutableArray<string> Provides { get; init; } = [];

    /// <summary>What must run before it (<c>Required-Start</c>), without the facilities of the system (<c>$network</c>), which are there before init starts anything.</summary>
    public ImmutableArray<string> RequiredStart { get; init; } = [];

    /// <summary>What is started before it if it is started at all (<c>Should-Start</c>).</summary>
    public ImmutableArray<string> ShouldStart { get; init; } = [];

    /// <summary>What it does (<c>Short-Description</c>).</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Whether it starts with the host: as chkconfig says, else whether <c>Default-Start</c> names a runlevel.</summary>
    public bool StartsWithHost { get; init; }

    /// <summary>Place in the order of the scripts that give no <c>Required-Start</c>, 0 to 99, low ones first; null without a chkconfig line.</summary>
    public int? StartPriority { get; init; }

    /// <summary>Whether <c>Required-Start</c> was given: then it decides on the order, not the priority.</summary>
    public bool HasRequiredStart { get; init; }

    /// <summary>Absolute path of the program; empty when it names none.</summary>
    public string Command { get; init; } = string.Empty;

    /// <summary>Arguments of the program.</summary>
    public ImmutableArray<string> CommandArguments { get; init; } = [];

    /// <summary>Whether the program tells when it serves, on descriptor 3.</summary>
    public bool Notifies { get; init; }

    /// <summary>Most memory in bytes; null for that of init.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Reads the head of a script.</summary>
    /// <param name="script">The script or its first <see cref="MaxHeadBytes"/> bytes.</param>
    /// <param name="name">Name of its file.</param>
    /// <param name="read">What it says; null when it is no runlevel script or says something that cannot be.</param>
    /// <param name="error">Why not, with the line; null when it was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> script, string name, out RunlevelScript? read, out string? error)
    {
        string head = Encoding.UTF8.GetString(script[..Math.Min(script.Length, MaxHeadBytes)]);
        var result = new RunlevelScript(name);
        bool? chkconfig = null;
        bool inBlock = false;
        bool found = false;
        int number = 0;
        read = null;
        error = null;
        foreach (ReadOnlySpan<char> raw in head.AsSpan().EnumerateLines())
        {
            if (++number > MaxHeadLines)
            {
                break;
            }

            ReadOnlySpan<char> line = raw.TrimEnd();
            if (line is Begin or End)
            {
                inBlock = line is Begin;
                found = true;
            }
            else if (line.StartsWith('#') && line.IndexOf(':') is > 0 and var colon)
            {
                string key = line[1..colon].Trim().ToString();
                string value = line[(colon + 1)..].Trim().ToString();
                found |= key == "chkconfig";
                string? problem = key == "chkconfig" ? ReadChkconfig(value, ref result, ref chkconfig) : inBlock ? ReadKeyword(key, value, ref result) : null;
                if (problem is not null)
                {
                    error = $"{name}, line {number}: {problem}";
                    return false;
                }
            }
            else if (line.IndexOf('=') is > 0 and var equals && ReadAssignment(line[..equals], line[(equals + 1)..].Trim('"').ToString(), ref result) is { } wrong)
            {
                error = $"{name}, line {number}: {wrong}";
                return false;
            }
        }

        if (!found || inBlock)
        {
            error = found ? $"{name}: \"{Begin}\" without \"{End}\" in its first {MaxHeadLines} lines" : $"{name}: no runlevel script: neither \"{Begin}\" nor a chkconfig line in its first {MaxHeadLines} lines";
            return false;
        }

        read = result with { StartsWithHost = chkconfig ?? result.StartsWithHost };
        return true;
    }

    /// <summary>
    /// Makes services of scripts: what <c>Required-Start</c> and <c>Should-Start</c> name is found by <c>Provides</c>; scripts without
    /// <c>Required-Start</c> come after those of them that have a lower priority.
    /// </summary>
    /// <param name="scripts">All scripts of the host.</param>
    /// <param name="start">Starts the service of a script.</param>
    /// <returns>The definitions; what they require and no script provides is left as named, to be another service of the host.</returns>
    public static IReadOnlyList<ServiceDefinition> ToDefinitions(IReadOnlyCollection<RunlevelScript> scripts, Func<RunlevelScript, CancellationToken, Task<IServiceRun>> start)
    {
        var providers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (RunlevelScript script in scripts)
        {
            foreach (string facility in script.Provides)
            {
                providers.TryAdd(facility, script.Name);
            }
        }

        foreach (RunlevelScript script in scripts)
        {
            providers[script.Name] = script.Name;
        }

        RunlevelScript[] byPriority = [.. scripts.Where(script => script is { HasRequiredStart: false, StartPriority: not null })];
        return [.. scripts.Select(script => new ServiceDefinition(script.Name, token => start(script, token))
        {
            Description = script.Description,
            DefaultPolicy = script.StartsWithHost ? ServicePolicy.On : ServicePolicy.Off,
            Requires = Resolve(script, script.RequiredStart),
            After = [.. Resolve(script, script.ShouldStart).Union(script.HasRequiredStart ? [] : byPriority.Where(other => other.StartPriority < script.StartPriority).Select(other => other.Name))],
        })];

        // A script may name what it provides itself.
        ImmutableArray<string> Resolve(RunlevelScript script, ImmutableArray<string> facilities) =>
            [.. facilities.Select(facility => providers.GetValueOrDefault(facility, facility)).Where(name => name != script.Name).Distinct()];
    }

    private static string? ReadAssignment(ReadOnlySpan<char> key, string value, ref RunlevelScript result)
    {
        switch (key)
        {
            case "command":
                result = result with { Command = value };
                return value.StartsWith('/') && value.Length <= 1_024 ? null : "command: not an absolute path of at most 1024 characters";
            case "command_args":
                result = result with { CommandArguments = [.. value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)] };
                return null;
            case "notify":
                result = result with { Notifies = value == "fd:3" };
                return result.Notifies ? null : "notify: only \"fd:3\" is known";
            case "memory_limit":
                bool isNumber = long.TryParse(value.AsSpan().TrimEnd("MG"), NumberStyles.None, CultureInfo.InvariantCulture, out long number);
                long unit = value.EndsWith('G') ? 1L << 30 : 1L << 20;
                result = result with { MemoryLimit = number * unit };
                return isNumber && value.Length > 1 && value[^1] is ('M' or 'G') && number is > 0 and <= 1_048_576 ? null : "memory_limit: not a number with M or G";
            default:
                return null;
        }
    }

    private static string? ReadKeyword(string key, string value, ref RunlevelScript result)
    {
        string? problem = null;
        result = key switch
        {
            "Provides" => result with { Provides = Names(value, ref problem) },
            "Required-Start" => result with { RequiredStart = Names(value, ref problem), HasRequiredStart = true },
            "Should-Start" => result with { ShouldStart = Names(value, ref problem) },
            "Default-Start" => result with { StartsWithHost = value.Length > 0 },
            "Short-Description" => result with { Description = value.Length <= 256 ? value : value[..256] },
            _ => result,
        };
        return problem is null ? null : $"{key}: {problem}";
    }

    // "on 20 80", "2345 20 80" or "- 20 80": whether it starts with the host, start priority, stop priority.
    private static string? ReadChkconfig(string value, ref RunlevelScript result, ref bool? startsWithHost)
    {
        string[] words = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3
            || !(words[0] is "on" or "off" or "-" || words[0].All(char.IsAsciiDigit))
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || first > 99
            || !int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out int last) || last > 99)
        {
            return "chkconfig: not \"on|off|-|RUNLEVELS START STOP\" with priorities from 0 to 99";
        }

        startsWithHost = words[0] is not ("off" or "-");
        result = result with { StartPriority = first };
        return null;
    }

    private static ImmutableArray<string> Names(string value, ref string? problem)
    {
        string[] names = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > MaxNames || names.Any(name => name.Length > 64))
        {
            problem = $"at most {MaxNames} names of at most 64 characters";
            return [];
        }

        return [.. names.Where(name => name[0] != '$').Distinct()];
    }
}
