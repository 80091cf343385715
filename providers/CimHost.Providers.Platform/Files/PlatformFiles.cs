using System.Composition;
using System.Globalization;
using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Files;

/// <summary>
/// Reads the kernel's files. An attribute that is not there, is refused, or gives no answer within two seconds is null: what is told
/// without it is still right, and one dead device must not cost the others.
/// </summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class PlatformFiles(IProviderHost host)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private const int MaxText = 512;

    public IFileTree Tree => host.Hardware.Files;

    /// <summary>The content of a file; null when there is none or it could not be read.</summary>
    public async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            ValueTask<byte[]?> read = Tree.ReadAsync(path, cancellationToken);
            return read.IsCompleted ? await read : await read.AsTask().WaitAsync(s_limit, host.Time, cancellationToken);
        }
        catch (Exception e) when (e is HardwareException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The first line of a file, without the white space around it and without control characters; null when nothing is left.</summary>
    public async ValueTask<string?> TextAsync(string path, CancellationToken cancellationToken) =>
        await ReadAsync(path, cancellationToken) is { } content ? Line(content) : null;

    /// <summary>A whole number in decimal, or in hexadecimal with 0x before it; null when the file holds none.</summary>
    public async ValueTask<long?> NumberAsync(string path, CancellationToken cancellationToken)
    {
        string? text = await TextAsync(path, cancellationToken);
        return text is null ? null
            : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
            : null;
    }

    private static string? Line(byte[] content)
    {
        ReadOnlySpan<byte> bytes = content.AsSpan().Trim(" \t\r\n\0"u8);
        int end = bytes.IndexOf((byte)'\n');
        bytes = end < 0 ? bytes : bytes[..end];
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxText)]);
        string printable = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return printable.Length == 0 ? null : printable;
    }
}
