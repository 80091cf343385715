using System.Runtime.InteropServices;
using CimHost.Sdk.Hardware;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>
/// A device node through SG_IO (<c>scsi/sg.h</c>, interface version 3) or NVME_IOCTL_ADMIN_CMD (<c>linux/nvme_ioctl.h</c>), 64-bit
/// layouts. It is opened for reading only: closing a node that was open for writing makes udev probe the disk, and may wake it.
/// </summary>
internal sealed unsafe partial class LinuxDisk : ILinuxDisk
{
    private const nuint SgIo = 0x2285;
    private const nuint NvmeAdminCmd = 0xC0484E41;
    private const int ReadOnlyNoBlockCloseOnExec = 0x0 | 0x800 | 0x80000;
    private const int LongestSense = 252;
    private const int Interrupted = 4;
    private const int NoDevice = 19;
    private const int NoSuchDeviceOrAddress = 6;
    private const int NotTypewriter = 25;
    private const int NoData = 61;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private LinuxDisk(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Opens the device node.</summary>
    /// <exception cref="HardwareException">It is not there or may not be opened.</exception>
    public static LinuxDisk Open(string path)
    {
        if (!Environment.Is64BitProcess)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{path}: disks are used from 64-bit processes only.");
        }

        int descriptor = OpenFile(path, ReadOnlyNoBlockCloseOnExec);
        return descriptor >= 0
            ? new LinuxDisk(path, new SafeFileHandle(descriptor, ownsHandle: true))
            : throw Failure(path, "opened", Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public ScsiResponse Scsi(in ScsiCommand command, TimeSpan limit)
    {
        byte[] sense = new byte[LongestSense];
        byte[] data = command.Direction == DataDirection.ToDevice ? command.Data.ToArray() : new byte[command.TransferLength];
        fixed (byte* cdbAt = command.Cdb.Span, senseAt = sense, dataAt = data)
        {
            var header = new ScsiHeader
            {
                InterfaceId = 'S',
                Direction = data.Length == 0 ? -1 : command.Direction == DataDirection.ToDevice ? -2 : -3,
                CdbLength = (byte)command.Cdb.Length,
                LongestSense = LongestSense,
                DataLength = (uint)data.Length,
                Data = dataAt,
                Cdb = cdbAt,
                Sense = senseAt,
                Milliseconds = (uint)limit.TotalMilliseconds,
            };
            Control(SgIo, &header);
            CheckTransport(header.HostStatus, header.DriverStatus);
            int returned = command.Direction == DataDirection.FromDevice ? Math.Clamp(data.Length - header.Residual, 0, data.Length) : 0;
            return new ScsiResponse((byte)(header.Status & 0xFE), sense.AsMemory(0, Math.Min((int)header.SenseLength, LongestSense)), data.AsMemory(0, returned));
        }
    }

    /// <inheritdoc/>
    public NvmeAdminResponse NvmeAdmin(in NvmeAdminCommand command, TimeSpan limit)
    {
        byte[] data = command.Direction == DataDirection.ToDevice ? command.Data.ToArray() : new byte[command.TransferLength];
        fixed (byte* dataAt = data)
        {
            var passthrough = new NvmePassthrough
            {
                Opcode = command.Opcode,
                NamespaceId = command.NamespaceId,
                Data = dataAt,
                DataLength = (uint)data.Length,
                Dword10 = command.Dword10,
                Dword11 = command.Dword11,
                Dword12 = command.Dword12,
                Dword13 = command.Dword13,
                Dword14 = command.Dword14,
                Dword15 = command.Dword15,
                Milliseconds = (uint)limit.TotalMilliseconds,
            };
            int status = Control(NvmeAdminCmd, &passthrough);
            bool answered = status == 0 && command.Direction == DataDirection.FromDevice;
            return new NvmeAdminResponse((ushort)(status & 0x7FFF), passthrough.Result, answered ? data : default(ReadOnlyMemory<byte>));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // A command is never given twice: one that was interrupted may have begun.
    private int Control(nuint request, void* argument)
    {
        int result = ControlFile(_handle, request, argument);
        return result >= 0 ? result : throw Failure(_path, "given a command", Marshal.GetLastPInvokeError());
    }

    // Host byte (DID_…) and driver byte of the kernel's SCSI result; the driver byte 08h only says that there is sense data.
    private void CheckTransport(ushort host, ushort driver)
    {
        const int TimeOut = 3;
        const int DriverTimeOut = 6;
        if (host == TimeOut || (driver & 0x0F) == DriverTimeOut)
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{_path} did not answer a command in time.");
        }

        if (host != 0)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{_path} cannot be reached (host status {host:X2}h).");
        }
    }

    private static HardwareException Failure(string path, string what, int error)
    {
        const int NotPermitted = 1;
        const int AccessDenied = 13;
        const int InvalidArgument = 22;
        const int TimedOut = 110;
        string advice = error is NotPermitted or AccessDenied ? "; the host has to run as root or with CAP_SYS_RAWIO and CAP_SYS_ADMIN" : string.Empty;
        HardwareFault fault = error switch
        {
            TimedOut or Interrupted => HardwareFault.TimedOut,
            NotTypewriter or InvalidArgument => HardwareFault.Unsupported,
            _ => HardwareFault.Unavailable,
        };
        string gone = error is NoDevice or NoSuchDeviceOrAddress or NoData ? ", the device is gone" : string.Empty;
        return new HardwareException(fault, $"{path} cannot be {what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}){gone}{advice}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlFile(SafeFileHandle file, nuint request, void* argument);

    // struct sg_io_hdr
    [StructLayout(LayoutKind.Sequential)]
    private struct ScsiHeader
    {
        public int InterfaceId;
        public int Direction;
        public byte CdbLength;
        public byte LongestSense;
        public ushort VectorCount;
        public uint DataLength;
        public byte* Data;
        public byte* Cdb;
        public byte* Sense;
        public uint Milliseconds;
        public uint Flags;
        public int PackId;
        public void* User;
        public byte Status;
        public byte MaskedStatus;
        public byte MessageStatus;
        public byte SenseLength;
        public ushort HostStatus;
        public ushort DriverStatus;
        public int Residual;
        public uint Duration;
        public uint Information;
    }

    // struct nvme_passthru_cmd
    [StructLayout(LayoutKind.Sequential)]
    private struct NvmePassthrough
    {
        public byte Opcode;
        public byte Flags;
        public ushort Reserved;
        public uint NamespaceId;
        public uint Dword2;
        public uint Dword3;
        public ulong Metadata;
        public byte* Data;
        public uint MetadataLength;
        public uint DataLength;
        public uint Dword10;
        public uint Dword11;
        public uint Dword12;
        public uint Dword13;
        public uint Dword14;
        public uint Dword15;
        public uint Milliseconds;
        public uint Result;
    }
}
