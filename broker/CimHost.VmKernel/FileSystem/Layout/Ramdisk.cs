namespace CimHost.VmKernel.FileSystem.Layout;

/// <summary>An in-memory file system of the host with its limit.</summary>
/// <param name="Name">Name as <c>vdf</c> of ESXi shows it.</param>
/// <param name="Path">Where it is mounted.</param>
/// <param name="SizeLimit">Most bytes.</param>
/// <param name="Mode">Permission bits of its topmost directory.</param>
internal readonly record struct Ramdisk(string Name, string Path, long SizeLimit, int Mode = 0x1ED);
