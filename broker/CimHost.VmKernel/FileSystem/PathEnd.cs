namespace CimHost.VmKernel.FileSystem;

/// <summary>A path that was resolved down to its last name.</summary>
/// <param name="directory">The directory that the last name is to be looked up in; the caller may search it.</param>
/// <param name="name">The last name; empty for the root.</param>
/// <param name="hasSlash">Whether slashes follow it.</param>
internal readonly ref struct PathEnd(VfsNode directory, ReadOnlySpan<char> name, bool hasSlash)
{
    public VfsNode Directory { get; } = directory;

    public ReadOnlySpan<char> Name { get; } = name;

    public bool HasSlash { get; } = hasSlash;

    /// <summary>Whether the path is that of the root.</summary>
    public bool IsRoot => Name.IsEmpty;

    /// <summary>Whether the last name is one that can be made or removed: not the root, "." or "..".</summary>
    public bool IsOrdinary => Name is not ("" or "." or "..");
}
