using System.Collections.Immutable;

namespace CimHost.VmKernel.Users;

/// <summary>A group as it is shown.</summary>
/// <param name="Name">Name.</param>
/// <param name="GroupId">Group id.</param>
/// <param name="Members">All who belong to it, by /etc/group or because it is their primary group.</param>
public sealed record GroupDescription(string Name, int GroupId, ImmutableArray<string> Members);
