using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CimHost.VmKernel.Users.Files;

/// <summary>
/// Who is locked out after wrong passwords, and until when: a line <c>name:seconds since 1970-01-01 UTC</c> for each. Without the file, or
/// with a line that cannot be read, nobody is locked out by it.
/// </summary>
internal static class LockOutFile
{
    /// <summary>Its name among the account files.</summary>
    public const string Name = "security/faillock";

    private const int MaxLine = AccountFields.MaxNameLength + 24;
    private const int MaxEntries = 65_536;

    /// <summary>Reads the file; lines that make no sense are left out.</summary>
    /// <param name="content">The whole file.</param>
    public static Dictionary<string, DateTimeOffset> Read(ReadOnlySpan<byte> content)
    {
        var found = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (Range range in content.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = content[range];
            int colon = line.LastIndexOf((byte)':');
            if (colon > 0 && line.Length <= MaxLine && found.Count < MaxEntries && Utf8.IsValid(line[..colon])
                && long.TryParse(line[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                found[Encoding.UTF8.GetString(line[..colon])] = DateTimeOffset.FromUnixTimeSeconds(seconds);
            }
        }

        return found;
    }

    /// <summary>The file for these.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, DateTimeOffset>> lockedOut) => Encoding.UTF8.GetBytes(string.Concat(
        lockedOut.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key}:{l.Value.ToUnixTimeSeconds()}\n"))));
}
