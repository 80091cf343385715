namespace CimHost.VmKernel.FileSystem;

/// <summary>What file operations need to know of the world that asks.</summary>
/// <param name="Credentials">User and groups.</param>
/// <param name="WorkingDirectory">
/// Where relative paths start: a directory opened with O_DIRECTORY, which stays open for as long (a world holds one reference). Null is the
/// root. The directory of an openat() is passed in its place.
/// </param>
/// <param name="Umask">Permission bits that new files do not get; 022 by default.</param>
public readonly record struct FileCaller(Credentials Credentials, VfsFile? WorkingDirectory = null, int Umask = 0x12)
{
    /// <summary>The superuser at the root.</summary>
    public static FileCaller Root { get; } = new(Credentials.Root);
}
