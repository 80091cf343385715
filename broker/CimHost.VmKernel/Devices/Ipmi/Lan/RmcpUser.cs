namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>A user of an RMCP server.</summary>
/// <param name="Name">Log-in name, at most 16 bytes.</param>
/// <param name="Password">Password, 1 to 20 bytes. Never printed.</param>
/// <param name="Privilege">Highest privilege: 2 USER, 3 OPERATOR, 4 ADMINISTRATOR.</param>
public sealed record RmcpUser(string Name, string Password, byte Privilege = 4)
{
    /// <summary>Name and privilege; not the password.</summary>
    public override string ToString() => $"user '{Name}', {LanIpmiPort.PrivilegeName(Privilege)}";
}
