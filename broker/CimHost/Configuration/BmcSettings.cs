namespace CimHost.Configuration;

/// <summary>A remote BMC.</summary>
public sealed class BmcSettings
{
    /// <summary>Name under which its devices appear.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary><c>host:port</c>; the port may be left out (623).</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>User of the BMC.</summary>
    public string UserName { get; set; } = string.Empty;

    /// <summary>File with the password in its first line.</summary>
    public string PasswordFile { get; set; } = string.Empty;

    /// <summary>RMCP+ cipher suite; 0 takes 17, else 3.</summary>
    public int CipherSuite { get; set; }
}
