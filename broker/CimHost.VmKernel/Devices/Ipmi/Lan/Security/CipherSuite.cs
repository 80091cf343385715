using System.Security.Cryptography;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Security;

/// <summary>
/// A cipher suite of RMCP+ (IPMI 2.0 §22.15.2): which HMAC the key exchange uses, whether packets carry an integrity code, whether they are
/// encrypted. Suite 0 (no authentication) and the RC4 suites are deliberately not here.
/// </summary>
public sealed class CipherSuite
{
    private static readonly CipherSuite[] s_all =
    [
        new(1, new(1, 0, 0), HashAlgorithmName.SHA1, 20, 12),
        new(2, new(1, 1, 0), HashAlgorithmName.SHA1, 20, 12),
        new(3, new(1, 1, 1), HashAlgorithmName.SHA1, 20, 12),
        new(6, new(2, 0, 0), HashAlgorithmName.MD5, 16, 16),
        new(7, new(2, 2, 0), HashAlgorithmName.MD5, 16, 16),
        new(8, new(2, 2, 1), HashAlgorithmName.MD5, 16, 16),
        new(15, new(3, 0, 0), HashAlgorithmName.SHA256, 32, 16),
        new(16, new(3, 4, 0), HashAlgorithmName.SHA256, 32, 16),
        new(17, new(3, 4, 1), HashAlgorithmName.SHA256, 32, 16),
    ];

    private readonly HashAlgorithmName _hash;

    private CipherSuite(byte id, SessionAlgorithms algorithms, HashAlgorithmName hash, int digestLength, int checkLength)
    {
        Id = id;
        Algorithms = algorithms;
        _hash = hash;
        DigestLength = digestLength;
        CheckLength = checkLength;
    }

    /// <summary>Ids of the suites that are implemented.</summary>
    public static IEnumerable<byte> Known => s_all.Select(suite => suite.Id);

    /// <summary>Id of the suite.</summary>
    public byte Id { get; }

    /// <summary>Its algorithms as Open Session names them.</summary>
    public SessionAlgorithms Algorithms { get; }

    /// <summary>Length of the whole HMAC: of key exchange codes, session key, K1 and K2.</summary>
    public int DigestLength { get; }

    /// <summary>Length of the shortened HMAC in RAKP message 4 and session trailers.</summary>
    public int CheckLength { get; }

    /// <summary>True when packets carry an integrity code.</summary>
    public bool HasIntegrity => Algorithms.Integrity != 0;

    /// <summary>True when packets are encrypted.</summary>
    public bool IsEncrypted => Algorithms.Confidentiality != 0;

    /// <summary>Finds a suite by its id; null when it is not implemented.</summary>
    public static CipherSuite? Find(int id) => Array.Find(s_all, suite => suite.Id == id);

    /// <summary>Finds a suite by its algorithms; null when it is not implemented.</summary>
    public static CipherSuite? Find(SessionAlgorithms algorithms) => Array.Find(s_all, suite => suite.Algorithms == algorithms);

    /// <summary>The suite's HMAC, <see cref="DigestLength"/> bytes.</summary>
    public void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        // The specification fixes these algorithms; SHA-1 and MD5 are what older BMCs have, and HMAC with them is not broken.
#pragma warning disable CA5350, CA5351
        if (_hash == HashAlgorithmName.SHA256)
        {
            HMACSHA256.HashData(key, data, destination);
        }
        else if (_hash == HashAlgorithmName.SHA1)
        {
            HMACSHA1.HashData(key, data, destination);
        }
        else
        {
            HMACMD5.HashData(key, data, destination);
        }
#pragma warning restore CA5350, CA5351
    }

    /// <inheritdoc/>
    public override string ToString() => $"cipher suite {Id}";
}
