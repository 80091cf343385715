using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>A user of SNMPv3 as it may be shown: without keys.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Authentication">Authentication protocol.</param>
/// <param name="Privacy">Privacy protocol.</param>
/// <param name="Level">Least security level of its requests.</param>
/// <param name="Access">What it may do.</param>
/// <param name="Subtrees">Subtrees that it sees; none: everything.</param>
public sealed record SnmpUserFacts(string Name, AuthenticationProtocol Authentication, PrivacyProtocol Privacy, SecurityLevel Level, CommunityAccess Access, IReadOnlyList<string> Subtrees);
