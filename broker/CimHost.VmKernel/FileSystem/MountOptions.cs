namespace CimHost.VmKernel.FileSystem;

/// <summary>How a file system is mounted.</summary>
/// <param name="IsReadOnly">Changes are refused with EROFS.</param>
/// <param name="Persistence">Keeps changes before they are acknowledged; null: they vanish with the host, or the file system keeps them itself.</param>
/// <param name="IsPrivate">For root's worlds alone: what serves files to people outside must not show it to anybody.</param>
public readonly record struct MountOptions(bool IsReadOnly = false, IMountPersistence? Persistence = null, bool IsPrivate = false);
