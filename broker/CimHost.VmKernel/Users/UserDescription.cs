using System.Collections.Immutable;

namespace CimHost.VmKernel.Users;

/// <summary>A user as it is shown: without hash.</summary>
/// <param name="Name">Login name.</param>
/// <param name="UserId">User id.</param>
/// <param name="GroupId">Primary group.</param>
/// <param name="Description">Who this is.</param>
/// <param name="Home">Home directory.</param>
/// <param name="Shell">Login shell.</param>
/// <param name="Groups">Names of all groups, the primary one first.</param>
/// <param name="State">Whether the user may log in.</param>
/// <param name="PasswordChanged">When the password was set, to the day; null when it is not known.</param>
public sealed record UserDescription(
    string Name, int UserId, int GroupId, string Description, string Home, string Shell, ImmutableArray<string> Groups, UserState State, DateOnly? PasswordChanged);
