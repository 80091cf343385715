namespace CimHost.Snmp.Security;

/// <summary>Passwords in files, which only their owner may read.</summary>
internal static class PasswordFile
{
    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The first line of a file.</summary>
    /// <param name="key">Configuration key that names the file, for messages.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">It cannot be read, or others can read it.</exception>
    public static string Read(string key, string path)
    {
        if (path.Length == 0)
        {
            throw new FormatException($"{key} is missing");
        }

        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ForOthers) != 0)
            {
                throw new FormatException($"{key} {path} can be read or written by others than its owner; chmod 600 it");
            }

            using var reader = new StreamReader(path);
            char[] text = new char[KeyDerivation.MaxPassword + 2];
            int length = reader.ReadBlock(text);
            int end = text.AsSpan(0, length).IndexOfAny('\r', '\n');
            return new string(text, 0, end < 0 ? length : end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{key} {path} cannot be read: {e.Message}", e);
        }
    }
}
