namespace CimHost.Commands;

/// <summary>What the exit code of <c>cimhost</c> says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The operation failed; results that came before the failure were shown.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The host cannot be reached, is not trusted, or does not accept the user.</summary>
    public const int NotConnected = 3;

    /// <summary>Interrupted by Ctrl-C, as shells tell it.</summary>
    public const int Interrupted = 130;

    /// <summary>The codes, for help texts.</summary>
    public const string Help = "Exit codes: 0 done, 1 the operation failed (results so far were shown), 2 wrong command line or configuration, 3 host not reachable or user not accepted.";
}
