using System.Runtime.InteropServices;
using CimHost.Sdk.Hardware;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.Devices.Ipmi.Linux;

/// <summary>
/// <c>/dev/ipmi0</c> through the ioctls of <c>linux/ipmi.h</c> (64-bit layouts). The BMC itself is addressed with the system interface
/// address, channel 0Fh, a controller behind it with its IPMB address: the driver then sends and receives through the BMC by itself.
/// </summary>
internal sealed unsafe partial class LinuxIpmiDevice : ILinuxIpmiDevice
{
    private const nuint SendCommand = 0x8028690D;
    private const nuint ReceiveMessageTruncated = 0xC030690B;
    private const int ReadWriteCloseOnExec = 0x2 | 0x80000;
    private const int SystemInterfaceAddress = 0x0C;
    private const int IpmbAddress = 0x01;
    private const short BmcChannel = 0x0F;
    private const int ResponseType = 1;
    private const int LongestAddress = 64;
    private const int LongestMessage = 512;
    private const short PollIn = 0x1;
    private const short PollGone = 0x8 | 0x10 | 0x20;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int MessageTooLong = 90;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private LinuxIpmiDevice(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Opens the device node.</summary>
    /// <exception cref="HardwareException">It is not there or may not be opened.</exception>
    public static LinuxIpmiDevice Open(string path)
    {
        if (!Environment.Is64BitProcess)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{path}: the IPMI driver is used from 64-bit processes only.");
        }

        int descriptor = OpenFile(path, ReadWriteCloseOnExec);
        return descriptor >= 0
            ? new LinuxIpmiDevice(path, new SafeFileHandle(descriptor, ownsHandle: true))
            : throw Failure(path, "opened", Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public void Send(long id, in IpmiRequest request)
    {
        var own = new SystemInterface { Type = SystemInterfaceAddress, Channel = BmcChannel, Lun = request.Lun };
        var behind = new Ipmb { Type = IpmbAddress, Channel = request.Channel, SlaveAddress = request.Target, Lun = request.Lun };
        fixed (byte* data = request.Data.Span)
        {
            var message = new Request
            {
                Address = request.IsBridged ? (byte*)&behind : (byte*)&own,
                AddressLength = request.IsBridged ? (uint)sizeof(Ipmb) : (uint)sizeof(SystemInterface),
                Id = (nint)id,
                Message = new Message { NetFn = request.NetFn, Command = request.Command, Length = (ushort)request.Data.Length, Data = data },
            };
            if (Control(_handle, SendCommand, &message) < 0)
            {
                throw Failure(_path, "given a command", Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <inheritdoc/>
    public LinuxIpmiMessage? Receive(TimeSpan wait)
    {
        var poll = new PollDescriptor { Descriptor = (int)_handle.DangerousGetHandle(), Events = PollIn };
        int ready = Poll(&poll, 1, (int)wait.TotalMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() is int error and not Interrupted)
        {
            throw Failure(_path, "waited on", error);
        }

        if (ready <= 0)
        {
            return null;
        }

        return (poll.Returned & PollIn) != 0 ? Take()
            : (poll.Returned & PollGone) != 0 ? throw new HardwareException(HardwareFault.Unavailable, $"{_path} is gone.")
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private LinuxIpmiMessage? Take()
    {
        byte* address = stackalloc byte[LongestAddress];
        byte* data = stackalloc byte[LongestMessage];
        var received = new Received { Address = address, AddressLength = LongestAddress, Message = new Message { Data = data, Length = LongestMessage } };
        if (Control(_handle, ReceiveMessageTruncated, &received) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is Again or Interrupted)
            {
                return null;
            }

            // A message that is too long was cut and is still taken; any other error means that the device is of no use any more.
            if (error != MessageTooLong)
            {
                throw Failure(_path, "read", error);
            }
        }

        byte[] bytes = new Span<byte>(data, Math.Min((int)received.Message.Length, LongestMessage)).ToArray();
        return new LinuxIpmiMessage(received.Type == ResponseType, received.Id, received.Message.NetFn, received.Message.Command, bytes);
    }

    private static HardwareException Failure(string path, string what, int error)
    {
        const int NotPermitted = 1;
        const int AccessDenied = 13;
        string advice = error is NotPermitted or AccessDenied ? "; the host has to run as root or with access to the device" : string.Empty;
        return new HardwareException(HardwareFault.Unavailable, $"{path} cannot be {what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}){advice}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    // struct ipmi_system_interface_addr
    [StructLayout(LayoutKind.Sequential)]
    private struct SystemInterface
    {
        public int Type;
        public short Channel;
        public byte Lun;
    }

    // struct ipmi_ipmb_addr
    [StructLayout(LayoutKind.Sequential)]
    private struct Ipmb
    {
        public int Type;
        public short Channel;
        public byte SlaveAddress;
        public byte Lun;
    }

    // struct ipmi_msg
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public byte NetFn;
        public byte Command;
        public ushort Length;
        public byte* Data;
    }

    // struct ipmi_req
    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public byte* Address;
        public uint AddressLength;
        public nint Id;
        public Message Message;
    }

    // struct ipmi_recv
    [StructLayout(LayoutKind.Sequential)]
    private struct Received
    {
        public int Type;
        public byte* Address;
        public uint AddressLength;
        public nint Id;
        public Message Message;
    }

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
