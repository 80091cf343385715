namespace CimHost.Snmp.AgentX;

/// <summary>How the host and its AgentX master stand.</summary>
/// <param name="Address">Where the master is.</param>
/// <param name="IsConnected">Whether there is a session.</param>
/// <param name="Since">Since when there is one, or none.</param>
/// <param name="Reason">Why there is none; empty when there is one.</param>
/// <param name="Registrations">The subtrees; empty while there is no session.</param>
public sealed record AgentXStatus(string Address, bool IsConnected, DateTimeOffset Since, string Reason, IReadOnlyList<AgentXRegistration> Registrations);
