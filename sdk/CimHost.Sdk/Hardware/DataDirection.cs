namespace CimHost.Sdk.Hardware;

/// <summary>Which way the data of a command go.</summary>
public enum DataDirection
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>From the device to the host.</summary>
    FromDevice,

    /// <summary>From the host to the device.</summary>
    ToDevice,
}
