namespace CimHost.Providers.Storage.Devices;

/// <summary>What became of the wish to start a self-test; the numbers are the return values that CIM has for it.</summary>
internal enum SelfTestAnswer : uint
{
    Started = 0,
    NotSupported = 1,

    /// <summary>Another self-test runs on the device.</summary>
    Busy = 6,
}
