namespace CimHost.Configuration;

/// <summary>
/// Serves the BMC of the emulated machine over the network (RMCP+), so that ipmitool, FreeIPMI and other hosts see the same BMC as CimHost.
/// Off unless an address is given.
/// </summary>
public sealed class MachineLanSettings
{
    /// <summary>Where it listens, as <c>address:port</c> (UDP).</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>Name of its one user, who is administrator of the BMC.</summary>
    public string UserName { get; set; } = string.Empty;

    /// <summary>File with the user's password in its first line.</summary>
    public string PasswordFile { get; set; } = string.Empty;
}
