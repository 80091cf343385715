using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>What answers SCSI commands.</summary>
internal interface IScsiTarget
{
    /// <summary>The self-test that it may be carrying out.</summary>
    SelfTestRun SelfTest { get; }

    /// <summary>Carries out a command. The data may be longer than the transfer length of the command.</summary>
    ScsiResponse Execute(ReadOnlySpan<byte> cdb, ReadOnlySpan<byte> data);
}
