namespace CimHost.VmKernel.Worlds;

/// <summary>Options of waitpid() (POSIX.1-2017; the values are those of Linux).</summary>
[Flags]
public enum WaitOptions
{
    /// <summary>Wait until a child has ended.</summary>
    None = 0,

    /// <summary>Do not wait.</summary>
    WNOHANG = 1,

    /// <summary>Children that stopped count too.</summary>
    WUNTRACED = 2,

    /// <summary>Children that went on after a stop count too.</summary>
    WCONTINUED = 8,
}
