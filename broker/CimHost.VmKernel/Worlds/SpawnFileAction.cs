using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.Worlds;

/// <summary>One step in preparing the descriptors of a new world (POSIX.1-2017 posix_spawn_file_actions_t).</summary>
public readonly record struct SpawnFileAction
{
    private SpawnFileAction(SpawnFileActionKind kind, int descriptor, int source, string path, OpenFlags flags, int mode)
    {
        Kind = kind;
        Descriptor = descriptor;
        Source = source;
        Path = path;
        Flags = flags;
        Mode = mode;
    }

    /// <summary>What is done.</summary>
    public SpawnFileActionKind Kind { get; }

    /// <summary>The descriptor that is closed or opened.</summary>
    public int Descriptor { get; }

    /// <summary>With dup2: the descriptor that is duplicated.</summary>
    public int Source { get; }

    /// <summary>With open: path.</summary>
    public string Path { get; }

    /// <summary>With open: flags.</summary>
    public OpenFlags Flags { get; }

    /// <summary>With open: mode of a file that is made.</summary>
    public int Mode { get; }

    /// <summary>Closes a descriptor.</summary>
    /// <param name="descriptor">The descriptor; it need not be open.</param>
    public static SpawnFileAction Close(int descriptor) => new(SpawnFileActionKind.Close, descriptor, 0, string.Empty, 0, 0);

    /// <summary>Makes a descriptor refer to the file of another.</summary>
    /// <param name="source">Descriptor of the parent.</param>
    /// <param name="descriptor">Descriptor of the child; the same as <paramref name="source"/> clears its close-on-exec mark.</param>
    public static SpawnFileAction Dup2(int source, int descriptor) =>
        new(SpawnFileActionKind.Dup2, descriptor, source, string.Empty, 0, 0);

    /// <summary>Opens a file as a given descriptor.</summary>
    /// <param name="descriptor">Descriptor of the child.</param>
    /// <param name="path">Path.</param>
    /// <param name="flags">Flags.</param>
    /// <param name="mode">Mode of a file that is made.</param>
    public static SpawnFileAction Open(int descriptor, string path, OpenFlags flags, int mode) =>
        new(SpawnFileActionKind.Open, descriptor, 0, path, flags, mode);
}
