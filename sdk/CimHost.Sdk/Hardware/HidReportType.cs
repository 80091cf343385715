namespace CimHost.Sdk.Hardware;

/// <summary>Kinds of HID reports that can be asked for (HID 1.11 §7.2.1); the numbers are those of GET_REPORT.</summary>
public enum HidReportType
{
    /// <summary>What the device tells by itself when something changes.</summary>
    Input = 1,

    /// <summary>State and settings that the host asks for.</summary>
    Feature = 3,
}
