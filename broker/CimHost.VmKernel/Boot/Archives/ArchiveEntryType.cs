namespace CimHost.VmKernel.Boot.Archives;

/// <summary>What an entry of an archive is; nothing else is unpacked.</summary>
public enum ArchiveEntryType
{
    /// <summary>A file with content.</summary>
    RegularFile,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,
}
