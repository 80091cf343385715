namespace CimHost.Snmp.AgentX;

/// <summary>What a master said to the registration of a subtree.</summary>
/// <param name="Subtree">The subtree, in dotted decimal.</param>
/// <param name="IsRegistered">Whether it has it.</param>
/// <param name="Result">What it said, for people.</param>
public sealed record AgentXRegistration(string Subtree, bool IsRegistered, string Result);
