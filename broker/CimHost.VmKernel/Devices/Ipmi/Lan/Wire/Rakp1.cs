using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>RAKP message 1, console to BMC (IPMI 2.0 §13.20).</summary>
/// <param name="Tag">Repeated in RAKP message 2.</param>
/// <param name="BmcSessionId">Session id that the BMC gave.</param>
/// <param name="ConsoleRandom">16 random bytes.</param>
/// <param name="Role">Requested privilege in bits 3:0; bit 4 set looks the user up by name alone, else by name and privilege.</param>
/// <param name="UserName">At most 16 bytes.</param>
public readonly ref struct Rakp1(byte Tag, uint BmcSessionId, ReadOnlySpan<byte> ConsoleRandom, byte Role, ReadOnlySpan<byte> UserName)
{
    /// <summary>Longest user name.</summary>
    public const int MaxUserName = 16;

    private const int FixedLength = 28;

    /// <summary>Repeated in RAKP message 2.</summary>
    public byte Tag { get; } = Tag;

    /// <summary>Session id that the BMC gave.</summary>
    public uint BmcSessionId { get; } = BmcSessionId;

    /// <summary>16 random bytes.</summary>
    public ReadOnlySpan<byte> ConsoleRandom { get; } = ConsoleRandom;

    /// <summary>Privilege and kind of look-up.</summary>
    public byte Role { get; } = Role;

    /// <summary>Name of the user.</summary>
    public ReadOnlySpan<byte> UserName { get; } = UserName;

    /// <summary>Reads the message; false when it is too short or the name too long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Rakp1 message)
    {
        message = default;
        if (source.Length < FixedLength || source[27] > MaxUserName || source.Length - FixedLength < source[27])
        {
            return false;
        }

        message = new Rakp1(source[0], BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), source.Slice(8, 16), (byte)(source[24] & 0x1F), source.Slice(FixedLength, source[27]));
        return true;
    }

    /// <summary>Writes the message and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        int length = FixedLength + UserName.Length;
        destination[..length].Clear();
        destination[0] = Tag;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], BmcSessionId);
        ConsoleRandom.CopyTo(destination[8..]);
        destination[24] = Role;
        destination[27] = (byte)UserName.Length;
        UserName.CopyTo(destination[FixedLength..]);
        return length;
    }
}
