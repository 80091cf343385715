using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CimHost.VmKernel.Boot;

/// <summary>Reads one <c>boot.cfg</c>, collecting what is wrong in it.</summary>
internal sealed class BootConfigurationReader
{
    private const int MaxErrors = 32;
    private const int MaxKey = 64;

    // Without these nothing can be said of the bank; a file that was cut off misses some.
    private static readonly string[] s_required = ["build", "updated", "bootstate"];
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ImmutableArray<BootConfigurationError>.Builder _errors = ImmutableArray.CreateBuilder<BootConfigurationError>();
    private readonly ImmutableArray<KeyValuePair<string, string>>.Builder _others = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private BootConfiguration _read = new();
    private int _line;

    public ImmutableArray<BootConfigurationError> Errors => _errors.ToImmutable();

    public BootConfiguration? Read(ReadOnlySpan<byte> data)
    {
        if (data.Length > BootConfiguration.MaxBytes)
        {
            Fail(0, string.Empty, $"it has {data.Length} bytes; at most {BootConfiguration.MaxBytes} are read");
            return null;
        }

        while (!data.IsEmpty && _errors.Count < MaxErrors)
        {
            int end = data.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? data : data[..end];
            data = end < 0 ? [] : data[(end + 1)..];
            if (++_line > BootConfiguration.MaxLines)
            {
                Fail(_line, string.Empty, $"more than {BootConfiguration.MaxLines} lines");
                return null;
            }

            ReadLine(line);
        }

        foreach (string key in s_required.Where(key => !_seen.ContainsKey(key)))
        {
            Fail(0, key, "it is missing");
        }

        return _errors.Count > 0 ? null : _read with { Others = _others.ToImmutable() };
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.Length > BootConfiguration.MaxLineBytes)
        {
            Fail(_line, string.Empty, $"{line.Length} bytes; a line has at most {BootConfiguration.MaxLineBytes}");
            return;
        }

        if (!TryDecode(line, out string text))
        {
            Fail(_line, string.Empty, "it is not text in UTF-8 without control characters");
            return;
        }

        if (text.Length == 0 || text[0] == '#')
        {
            return;
        }

        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? string.Empty : text[..equals].TrimEnd();
        if (!IsKey(key))
        {
            Fail(_line, string.Empty, $"not \"key=value\" with a key of 1 to {MaxKey} letters, digits, '_', '-' and '.'");
        }
        else if (!_seen.TryAdd(key, _line))
        {
            Fail(_line, key, $"given twice, first in line {_seen[key]}");
        }
        else
        {
            Take(key, text[(equals + 1)..].TrimStart());
        }
    }

    private void Take(string key, string value)
    {
        switch (key)
        {
            case "build":
                _read = _read with { Build = value };
                break;
            case "updated":
                _read = _read with { Updated = Number(key, value, int.MinValue, int.MaxValue) };
                break;
            case "bootstate":
                _read = _read with { State = (BootState)Number(key, value, 0, 3) };
                break;
            case "quickboot":
                _read = _read with { QuickBoot = Number(key, value, 0, 1) == 1 };
                break;
            case "kernel":
                _read = _read with { Kernel = value };
                break;
            case "kernelopt":
                _read = _read with { KernelOptions = value };
                break;
            case "modules":
                _read = _read with { Modules = ReadModules(value) };
                break;
            case "title":
                _read = _read with { Title = value };
                break;
            case "prefix":
                _read = _read with { Prefix = value };
                break;
            case "timeout":
                _read = _read with { TimeoutSeconds = Number(key, value, 0, int.MaxValue) };
                break;
            default:
                _others.Add(new(key, value));
                break;
        }
    }

    private ImmutableArray<string> ReadModules(string value)
    {
        if (value.Length == 0)
        {
            return [];
        }

        string[] names = value.Split(BootConfiguration.ModuleSeparator);
        if (names.Length > BootConfiguration.MaxModules)
        {
            Fail(_line, "modules", $"{names.Length} modules; at most {BootConfiguration.MaxModules}");
            return [];
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!IsModuleName(name))
            {
                Fail(_line, "modules", $"\"{Shorten(name)}\" is not the name of a file in the bank");
            }
            else if (!seen.Add(name))
            {
                Fail(_line, "modules", $"\"{name}\" is listed twice");
            }
        }

        return [.. names];
    }

    // A name that begins with a dot is hidden or leads elsewhere ("..", a temporary file of this host).
    internal static bool IsModuleName(string name) =>
        name.Length is > 0 and <= BootConfiguration.MaxModuleName && name[0] is not ('.' or '-') && name.All(IsNameCharacter);

    private static bool IsKey(string key) => key.Length is > 0 and <= MaxKey && key.All(IsNameCharacter);

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '+';

    private static bool TryDecode(ReadOnlySpan<byte> line, out string text)
    {
        text = string.Empty;
        try
        {
            text = s_utf8.GetString(line).Trim(' ', '\t', '\r');
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        return !text.Any(c => char.IsControl(c) && c != '\t');
    }

    private int Number(string key, string value, int least, int most)
    {
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        Fail(_line, key, $"\"{Shorten(value)}\" is not a number from {least} to {most}");
        return 0;
    }

    private static string Shorten(string value) => value.Length <= 40 ? value : value[..40] + "…";

    private void Fail(int line, string key, string problem)
    {
        if (_errors.Count < MaxErrors)
        {
            _errors.Add(new BootConfigurationError(line, key, problem));
        }
    }
}
