using System.Text;

namespace CimHost.Endpoints;

/// <summary>Credentials of an Authorization header with the Basic scheme (RFC 7617).</summary>
internal static class BasicCredentials
{
    // Names have 64 and passwords 1,024 characters at most, each up to four bytes, and base64 adds a third.
    private const int MaxHeader = 8 * 1024;

    /// <summary>Reads the header; false when it is absent, of another scheme or malformed.</summary>
    public static bool TryRead(string? header, out string userName, out string password)
    {
        userName = password = string.Empty;
        if (header is null || header.Length > MaxHeader || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> encoded = header.AsSpan(6).Trim();
        Span<byte> bytes = encoded.Length <= 1024 ? stackalloc byte[1024] : new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out int written))
        {
            return false;
        }

        ReadOnlySpan<byte> text = bytes[..written];
        int colon = text.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        userName = Encoding.UTF8.GetString(text[..colon]);
        password = Encoding.UTF8.GetString(text[(colon + 1)..]);
        return userName.Length > 0;
    }
}
