namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>A part of the emulated machine that can be changed or broken.</summary>
/// <param name="Name">Name that <see cref="LiveHardware.Set"/> and <see cref="LiveHardware.Break"/> take.</param>
/// <param name="Kind">What it is: "controller", "sensor", "part", "disk", "element", "hid", "file".</param>
/// <param name="Value">What it shows now, for people; empty when it has no single value.</param>
/// <param name="Settable">Names of what can be set; an empty name is the value of the item itself.</param>
/// <param name="Changes">Changes in force.</param>
public sealed record HardwareItem(string Name, string Kind, string Value, IReadOnlyList<string> Settable, IReadOnlyList<string> Changes);
