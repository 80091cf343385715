namespace CimHost.Wbem.Client;

/// <summary>How a session reaches its server.</summary>
public sealed record CimSessionOptions
{
    /// <summary>User; null sends no credentials (the local socket needs none).</summary>
    public string? UserName { get; init; }

    /// <summary>Password; sent with the first request already (Basic), so that no request is answered with 401 first.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// SHA-256 (64 hexadecimal digits) of the server's certificate: exactly this one is trusted, whoever signed it. Colons and spaces are
    /// passed over. Null: the certificate must be valid for the host and come from an authority that this computer trusts.
    /// </summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>True: any certificate is taken. The connection is encrypted then, but who is at the other end is not known.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>Longest silence of the server before an operation is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Objects asked for in one message of a pulled enumeration.</summary>
    public uint MaxObjectCount { get; init; } = 1000;

    /// <summary>Largest answer in bytes.</summary>
    public long MaxAnswerBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Largest object in an answer, in bytes.</summary>
    public int MaxObjectBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Text without the password.</summary>
    public override string ToString() => $"{UserName ?? "(no user)"}, {Timeout.TotalSeconds} s";
}
