namespace CimHost.VmKernel.FileSystem;

/// <summary>How a file system is mounted.</summary>
/// <param name="IsReadOnly">Changes are refused with EROFS.</param>
/// <param name="Persistence">Keeps changes before they are acknowledged; null: they vanish with the host, or the file system keeps them itself.</param>
public readonly record struct MountOptions(bool IsReadOnly = false, IMountPersistence? Persistence = null);
