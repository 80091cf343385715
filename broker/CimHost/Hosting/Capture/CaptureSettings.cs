namespace CimHost.Hosting.Capture;

/// <summary>What <c>cimhost hardware capture</c> is to do.</summary>
/// <param name="Directory">Where the capture goes; empty or not there yet.</param>
/// <param name="KeepIdentifiers">Serial numbers, addresses and the like stay as they are.</param>
/// <param name="InstancesFile">Where the instances go that the providers make of what is captured; null: nowhere.</param>
internal sealed record CaptureSettings(string Directory, bool KeepIdentifiers, string? InstancesFile);
