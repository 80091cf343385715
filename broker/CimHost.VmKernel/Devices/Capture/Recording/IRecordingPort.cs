namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>A port that stands before another one.</summary>
internal interface IRecordingPort
{
    /// <summary>The port that the driver made.</summary>
    object Inner { get; }
}
