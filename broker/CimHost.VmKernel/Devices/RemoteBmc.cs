namespace CimHost.VmKernel.Devices;

/// <summary>A BMC that is reached over the network.</summary>
/// <param name="Name">Name of its port.</param>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">UDP port of RMCP; 623 unless configured.</param>
/// <param name="UserName">User of the BMC, at most 16 bytes.</param>
/// <param name="Password">The user's password, at most 20 bytes (16 with IPMI 1.5). Never printed.</param>
/// <param name="CipherSuite">RMCP+ cipher suite; 0 takes 17 if the BMC offers it, else 3.</param>
public sealed record RemoteBmc(string Name, string Host, int Port, string UserName, string Password, int CipherSuite = 0)
{
    /// <summary>Port of RMCP.</summary>
    public const int DefaultPort = 623;

    /// <summary>Name, address, user and suite; not the password.</summary>
    public override string ToString() => $"BMC '{Name}' ({Host}:{Port}, user '{UserName}', {(CipherSuite == 0 ? "any cipher suite" : $"cipher suite {CipherSuite}")})";
}
