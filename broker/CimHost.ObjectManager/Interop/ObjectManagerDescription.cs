namespace CimHost.ObjectManager.Interop;

/// <summary>What the object manager says of itself to clients.</summary>
/// <param name="SystemName">Name of this computer.</param>
/// <param name="ManagerName">Unique name of this object manager, made once per state directory.</param>
/// <param name="Version">Version of the host.</param>
/// <param name="CimXmlAddresses">Where CIM-XML is served.</param>
public sealed record ObjectManagerDescription(string SystemName, string ManagerName, string Version, IReadOnlyList<Uri> CimXmlAddresses);
