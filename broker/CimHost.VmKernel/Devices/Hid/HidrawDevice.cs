using System.Runtime.InteropServices;
using CimHost.Sdk.Hardware;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.Devices.Hid;

/// <summary><c>/dev/hidrawN</c> through the ioctls of <c>linux/hidraw.h</c>.</summary>
internal sealed unsafe partial class HidrawDevice : IHidrawDevice
{
    private const int ReadWrite = 0x2;
    private const int NoBlock = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int GetFeature = 0x07;
    private const int GetInput = 0x0A;
    private const short PollIn = 0x1;
    private const short PollGone = 0x8 | 0x10 | 0x20;
    private const int Interrupted = 4;
    private const int InputOutput = 5;
    private const int Again = 11;
    private const int NoDevice = 19;
    private const int InvalidArgument = 22;
    private const int NotTty = 25;
    private const int BrokenPipe = 32;
    private const int TimedOut = 110;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private HidrawDevice(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Opens the device node; the kernel wants it writable even for asking.</summary>
    /// <exception cref="HardwareException">It is not there or may not be opened.</exception>
    public static HidrawDevice Open(string path)
    {
        int descriptor = OpenFile(path, ReadWrite | NoBlock | CloseOnExec);
        return descriptor >= 0
            ? new HidrawDevice(path, new SafeFileHandle(descriptor, ownsHandle: true))
            : throw Failure(path, "cannot be opened", Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public int GetReport(HidReportType type, byte reportId, Span<byte> buffer)
    {
        buffer.Clear();
        buffer[0] = reportId;
        fixed (byte* data = buffer)
        {
            int read = Control(_handle, Request(type == HidReportType.Feature ? GetFeature : GetInput, buffer.Length), data);
            return read >= 0
                ? Math.Min(read, buffer.Length)
                : throw Failure(_path, $"gives no {(type == HidReportType.Feature ? "feature" : "input")} report {reportId}", Marshal.GetLastPInvokeError());
        }
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer, TimeSpan wait)
    {
        var poll = new PollDescriptor { Descriptor = (int)_handle.DangerousGetHandle(), Events = PollIn };
        int ready = Poll(&poll, 1, (int)wait.TotalMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() is int error and not Interrupted)
        {
            throw Failure(_path, "cannot be waited on", error);
        }

        if (ready <= 0)
        {
            return 0;
        }

        if ((poll.Returned & PollIn) == 0)
        {
            return (poll.Returned & PollGone) != 0 ? throw new HardwareException(HardwareFault.Unavailable, $"{_path} is gone.") : 0;
        }

        nint read = ReadFile(_handle, ref buffer[0], (nuint)buffer.Length);
        if (read >= 0)
        {
            return (int)read;
        }

        int failed = Marshal.GetLastPInvokeError();
        return failed is Again or Interrupted ? 0 : throw Failure(_path, "cannot be read", failed);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // _IOC(_IOC_READ | _IOC_WRITE, 'H', number, length)
    private static nuint Request(int number, int length) => (nuint)((3u << 30) | ((uint)length << 16) | ('H' << 8) | (uint)number);

    /// <summary>The error for an errno of the kernel.</summary>
    internal static HardwareException Failure(string path, string what, int error)
    {
        const int NotPermitted = 1;
        const int AccessDenied = 13;
        string advice = error is NotPermitted or AccessDenied ? "; the host has to run as root or with access to the device" : string.Empty;
        HardwareFault fault = error switch
        {
            TimedOut => HardwareFault.TimedOut,

            // A device on USB refuses a report with a stall (EPIPE); behind uhid, which is how Bluetooth devices come, it is EIO.
            BrokenPipe or InputOutput or InvalidArgument or NotTty => HardwareFault.Unsupported,
            _ => HardwareFault.Unavailable,
        };
        string reason = error == NoDevice ? "it is gone" : $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
        return new HardwareException(fault, $"{path} {what}: {reason}{advice}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(SafeFileHandle file, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
