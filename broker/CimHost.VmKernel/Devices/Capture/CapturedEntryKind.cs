namespace CimHost.VmKernel.Devices.Capture;

/// <summary>What was found at a path.</summary>
internal enum CapturedEntryKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A file.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    Link,
}
