namespace CimHost.Providers.Storage.Devices;

/// <summary>States of a self-test that was started here; the numbers are those of CIM_ConcreteJob.JobState.</summary>
internal enum SelfTestJobState : ushort
{
    Running = 4,

    /// <summary>It ran to its end, whatever it found.</summary>
    Completed = 7,

    /// <summary>A command ended it.</summary>
    Terminated = 8,

    /// <summary>It ended otherwise, or the device does not say how.</summary>
    Exception = 10,
}
