using System.Collections.Immutable;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>A service that init starts, watches and stops.</summary>
/// <param name="Name">Its name: 1 to 64 letters, digits, '_', '-', '.' and '@', first a letter or digit.</param>
/// <param name="Start">
/// Starts it and returns when it serves; what it throws is why it could not be started: a <see cref="ServiceException"/> that trying again
/// is of no use, anything else that it may be. The token is cancelled when the host stops it or
/// <see cref="StartLimit"/> is over.
/// </param>
public sealed record ServiceDefinition(string Name, Func<CancellationToken, Task<IServiceRun>> Start)
{
    /// <summary>What it does, for a list.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Services that must run before it is started. It stays when one of them crashes later, as that one is restarted.</summary>
    public ImmutableArray<string> Requires { get; init; } = [];

    /// <summary>Services that are started before it if they are started at all; whether they succeed does not matter. Unknown names say nothing.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>The policy as long as an administrator has chosen none.</summary>
    public ServicePolicy DefaultPolicy { get; init; } = ServicePolicy.On;

    /// <summary>Whether the host is ready only when this service runs (unless it is off).</summary>
    public bool IsRequired { get; init; }

    /// <summary>How long starting may take; longer counts as a failure to start.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take to end when asked; then it is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    internal bool HasValidName => Name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(Name[0]) && Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@');
}
