using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>Room in a file system, in bytes (<see cref="HostCallPaths.FileSystem"/>).</summary>
/// <param name="Size">All of it.</param>
/// <param name="Free">What is not in use.</param>
/// <param name="Available">What users other than root may take of it.</param>
internal sealed record FileSystemRoom(ulong Size, ulong Free, ulong Available)
{
    /// <summary>Reads the file; false when a line is missing, is no number, or more is free than there is.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out FileSystemRoom? room)
    {
        ulong? size = null, free = null, available = null;
        var reader = new LineReader(content);
        while (reader.Read())
        {
            size ??= Amount(reader.Line, "size "u8);
            free ??= Amount(reader.Line, "free "u8);
            available ??= Amount(reader.Line, "available "u8);
        }

        room = size is { } s && free is { } f && available is { } a && f <= s && a <= s ? new FileSystemRoom(s, f, a) : null;
        return room is not null;
    }

    private static ulong? Amount(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..], out ulong number, out int used) && used == line.Length - name.Length ? number : null;
}
