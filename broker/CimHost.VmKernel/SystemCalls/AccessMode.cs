using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>What access() asks (POSIX.1-2017 &lt;unistd.h&gt;).</summary>
[Flags]
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <unistd.h>.")]
public enum AccessMode
{
    /// <summary>Whether the file is there.</summary>
    F_OK = 0,

    /// <summary>Execute, or search a directory.</summary>
    X_OK = 1,

    /// <summary>Write.</summary>
    W_OK = 2,

    /// <summary>Read.</summary>
    R_OK = 4,
}
