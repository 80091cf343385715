using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Security;

/// <summary>
/// What both sides know in a RAKP key exchange and the codes computed from it (IPMI 2.0 §13.31, §13.32). The same object serves the console
/// and the BMC. One-key log-in: the user's password is also the key of the session key.
/// </summary>
public sealed class KeyExchange
{
    /// <summary>Longest password in bytes (§22.30).</summary>
    public const int MaxPassword = 20;

    private const int ConstantLength = 20;

    private readonly byte[] _password;
    private readonly byte[] _userName;

    /// <summary>Creates it before the random numbers are known.</summary>
    /// <exception cref="ArgumentException">The user name or the password is longer than IPMI allows.</exception>
    public KeyExchange(CipherSuite suite, ReadOnlySpan<byte> userName, string password)
    {
        Suite = suite;
        _userName = userName.ToArray();
        _password = PasswordBytes(password, MaxPassword);
    }

    /// <summary>The suite.</summary>
    public CipherSuite Suite { get; }

    /// <summary>The console's session id.</summary>
    public uint ConsoleSessionId { get; init; }

    /// <summary>The BMC's session id.</summary>
    public uint BmcSessionId { get; init; }

    /// <summary>Privilege and look-up byte of RAKP message 1, as sent.</summary>
    public byte Role { get; init; }

    /// <summary>The console's random number.</summary>
    public required byte[] ConsoleRandom { get; init; }

    /// <summary>The BMC's random number.</summary>
    public byte[] BmcRandom { get; set; } = [];

    /// <summary>The BMC's GUID.</summary>
    public byte[] BmcGuid { get; set; } = [];

    /// <summary>A password as keys use it: its bytes, padded with zeros.</summary>
    /// <exception cref="ArgumentException">It is too long; the message does not repeat it.</exception>
    public static byte[] PasswordBytes(string password, int length)
    {
        byte[] text = Encoding.UTF8.GetBytes(password);
        if (text.Length > length)
        {
            throw new ArgumentException($"the password is longer than the {length} bytes that IPMI allows");
        }

        byte[] padded = new byte[length];
        text.CopyTo(padded, 0);
        return padded;
    }

    /// <summary>Key exchange code of RAKP message 2.</summary>
    public byte[] Rakp2Code() => Code(_password, [.. Bytes(ConsoleSessionId), .. Bytes(BmcSessionId), .. ConsoleRandom, .. BmcRandom, .. BmcGuid, .. RoleAndName()]);

    /// <summary>Key exchange code of RAKP message 3.</summary>
    public byte[] Rakp3Code() => Code(_password, [.. BmcRandom, .. Bytes(ConsoleSessionId), .. RoleAndName()]);

    /// <summary>Session integrity key.</summary>
    public byte[] SessionKey() => Code(_password, [.. ConsoleRandom, .. BmcRandom, .. RoleAndName()]);

    /// <summary>Integrity check value of RAKP message 4.</summary>
    public byte[] Rakp4Check(byte[] sessionKey) => Code(sessionKey, [.. ConsoleRandom, .. Bytes(BmcSessionId), .. BmcGuid])[..Suite.CheckLength];

    /// <summary>Additional key K1 (integrity) or K2 (encryption) from the session key.</summary>
    public byte[] AdditionalKey(byte[] sessionKey, byte number)
    {
        Span<byte> constant = stackalloc byte[ConstantLength];
        constant.Fill(number);
        return Code(sessionKey, constant);
    }

    /// <summary>Compares a code in constant time.</summary>
    public static bool Matches(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> received) => CryptographicOperations.FixedTimeEquals(expected, received);

    private byte[] Code(byte[] key, ReadOnlySpan<byte> data)
    {
        byte[] code = new byte[Suite.DigestLength];
        Suite.Hmac(key, data, code);
        return code;
    }

    private byte[] RoleAndName() => [Role, (byte)_userName.Length, .. _userName];

    private static byte[] Bytes(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
