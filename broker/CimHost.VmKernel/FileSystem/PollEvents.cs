namespace CimHost.VmKernel.FileSystem;

/// <summary>What a file is ready for (POSIX.1-2017 poll(); the values are those of Linux).</summary>
[Flags]
public enum PollEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Data can be read without waiting, or the end is reached.</summary>
    POLLIN = 1,

    /// <summary>Data can be written without waiting.</summary>
    POLLOUT = 4,

    /// <summary>An error is pending (only in answers).</summary>
    POLLERR = 8,

    /// <summary>The other end was closed (only in answers).</summary>
    POLLHUP = 16,

    /// <summary>The descriptor is not open (only in answers).</summary>
    POLLNVAL = 32,
}
