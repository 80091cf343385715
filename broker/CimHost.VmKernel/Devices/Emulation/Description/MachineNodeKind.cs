namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Kinds of JSON values.</summary>
internal enum MachineNodeKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}
