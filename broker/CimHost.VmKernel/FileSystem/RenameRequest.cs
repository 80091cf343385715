namespace CimHost.VmKernel.FileSystem;

/// <summary>What rename() is asked for, after both paths were resolved down to their last name.</summary>
/// <param name="OldDirectory">Directory that holds the file.</param>
/// <param name="OldName">Its name there.</param>
/// <param name="NewDirectory">Directory that is to hold it.</param>
/// <param name="NewName">Its name there.</param>
/// <param name="OldNeedsDirectory">The old path ends in a slash.</param>
/// <param name="NewNeedsDirectory">The new path ends in a slash.</param>
internal readonly record struct RenameRequest(
    Inode OldDirectory, string OldName, Inode NewDirectory, string NewName, bool OldNeedsDirectory, bool NewNeedsDirectory);
