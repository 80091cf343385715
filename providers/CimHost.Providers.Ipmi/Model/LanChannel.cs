namespace CimHost.Providers.Ipmi.Model;

/// <summary>How a controller is set up on one of its networks; null for what it does not tell.</summary>
/// <param name="Channel">Number of the channel.</param>
/// <param name="Address">IPv4 address.</param>
/// <param name="Source">Where it comes from: 0 unspecified, 1 static, 2 DHCP, 3 BIOS, 4 another protocol.</param>
/// <param name="Mask">Mask of the network.</param>
/// <param name="Gateway">Default gateway.</param>
/// <param name="Mac">Hardware address, twelve hexadecimal digits.</param>
/// <param name="Vlan">VLAN; null when none is used.</param>
/// <param name="VlanPriority">Priority of the VLAN.</param>
internal sealed record LanChannel(byte Channel, string? Address, byte? Source, string? Mask, string? Gateway, string? Mac, ushort? Vlan, byte? VlanPriority);
