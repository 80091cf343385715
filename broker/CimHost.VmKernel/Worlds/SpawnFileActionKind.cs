namespace CimHost.VmKernel.Worlds;

/// <summary>Kinds of <see cref="SpawnFileAction"/>.</summary>
public enum SpawnFileActionKind
{
    /// <summary>close().</summary>
    Close = 0,

    /// <summary>dup2().</summary>
    Dup2 = 1,

    /// <summary>open().</summary>
    Open = 2,
}
