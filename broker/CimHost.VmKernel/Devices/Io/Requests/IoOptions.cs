namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>Limits of the way to a device.</summary>
internal sealed record IoOptions
{
    /// <summary>Longest time from submission to answer, queue and retries included.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many times more a request is given to the driver that may be given to it again.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Most requests of one world that wait for their turn.</summary>
    public int QueueLimit { get; init; } = 1_024;

    /// <summary>
    /// Limits for devices of a kind. The drivers of management controllers give a command 5 s themselves; a disk may have to spin up; of a HID
    /// device a whole sweep of reports waits in line, each of which the kernel gives 5 s.
    /// </summary>
    public static IoOptions For(DeviceKind kind) => kind switch
    {
        DeviceKind.Files => new IoOptions { QueueLimit = 4_096 },
        DeviceKind.Disk => new IoOptions { Deadline = TimeSpan.FromSeconds(30), QueueLimit = 256 },
        DeviceKind.Hid => new IoOptions { Deadline = TimeSpan.FromSeconds(30), QueueLimit = 256 },
        _ => new IoOptions(),
    };
}
