namespace CimHost.VmKernel.FileSystem;

/// <summary>What access() asks for (POSIX.1-2017 &lt;unistd.h&gt; R_OK, W_OK, X_OK, F_OK).</summary>
[Flags]
public enum AccessRights
{
    /// <summary>Only that the file is there (F_OK).</summary>
    Exists = 0,

    /// <summary>Execute, or search a directory (X_OK).</summary>
    Execute = 1,

    /// <summary>Write (W_OK).</summary>
    Write = 2,

    /// <summary>Read (R_OK).</summary>
    Read = 4,
}
