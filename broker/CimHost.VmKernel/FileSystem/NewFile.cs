namespace CimHost.VmKernel.FileSystem;

/// <summary>A file that is to be made.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Mode">Permission bits after the umask.</param>
/// <param name="Target">Target of a symbolic link.</param>
/// <param name="Special">What stands behind a device, FIFO or socket.</param>
internal readonly record struct NewFile(FileType Type, int Mode, string? Target = null, ISpecialFile? Special = null);
