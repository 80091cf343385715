using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>What somebody may do: an entry of the view-based access control model in the form that the configuration has (RFC 3415 section 2).</summary>
/// <param name="Level">Least security level of a request.</param>
/// <param name="View">What is seen, and set as far as <paramref name="CanWrite"/> allows.</param>
/// <param name="CanWrite">Whether anything may be set.</param>
internal sealed record AccessRight(SecurityLevel Level, MibView View, bool CanWrite);
