using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Hid;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Hid;

/// <summary>The HID devices in a copy of /sys: who they are, and that they come and go.</summary>
public sealed class HidrawPortsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cimhost-hidraw-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_USB_device_is_named_by_its_port_and_tells_the_texts_of_its_USB_device()
    {
        Plug("hidraw0", "1-2", "0003:051D:0002.0001", "HID_ID=0003:0000051D:00000002\nHID_NAME=Example Back-UPS 550\nHID_UNIQ=AS0123\n");
        using var ports = new HidrawPorts(_root, TimeProvider.System);
        IHidPort port = Assert.Single(ports.Ports);
        Assert.Equal("hid-3-051d:0002-1-2:1.0", port.Name);
        Assert.Equal(Path.Combine(_root, "dev", "hidraw0"), port.Description);
        Assert.Equal(new HidIdentity(3, 0x051D, 2, "Example", "Back-UPS 550", "AS0123"), port.Identity);
        Assert.Equal(new byte[] { 0x05, 0x84 }, port.ReportDescriptor.ToArray());
    }

    [Fact]
    public void Devices_that_come_and_go_are_seen_when_the_list_is_asked_for()
    {
        using var ports = new HidrawPorts(_root, TimeProvider.System);
        Assert.Empty(ports.Ports);
        Plug("hidraw0", "1-2", "0003:051D:0002.0001", "HID_ID=0003:0000051D:00000002\n");
        IHidPort first = Assert.Single(ports.Ports);
        Plug("hidraw1", "1-3", "0003:0764:0501.0002", "HID_ID=0003:00000764:00000501\n");
        Assert.Equal(2, ports.Ports.Count);
        Assert.Same(first, ports.Ports[0]);
        File.Delete(Path.Combine(_root, "sys/class/hidraw/hidraw0"));
        Assert.Equal("hid-3-0764:0501-1-3:1.0", Assert.Single(ports.Ports).Name);
    }

    [Fact]
    public async Task A_new_device_on_the_same_node_is_a_new_port_and_the_old_one_is_gone()
    {
        Plug("hidraw0", "1-2", "0003:051D:0002.0001", "HID_ID=0003:0000051D:00000002\n");
        using var ports = new HidrawPorts(_root, TimeProvider.System);
        IHidPort old = Assert.Single(ports.Ports);
        File.Delete(Path.Combine(_root, "sys/class/hidraw/hidraw0"));
        Plug("hidraw0", "1-2", "0003:051D:0002.0002", "HID_ID=0003:0000051D:00000002\n");
        Assert.NotSame(old, Assert.Single(ports.Ports));
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => old.GetReportAsync(HidReportType.Feature, 1, 8, CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unavailable, e.Fault);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_unavailable_and_says_so()
    {
        Plug("hidraw0", "1-2", "0003:051D:0002.0001", "HID_ID=0003:0000051D:00000002\n");
        using var ports = new HidrawPorts(_root, TimeProvider.System);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => ports.Ports[0].GetReportAsync(HidReportType.Feature, 1, 8, CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unavailable, e.Fault);
        Assert.Contains("hidraw0 cannot be opened", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HID_ID=0003:0000051D:00000002\nHID_NAME=a\u0001b\nHID_UNIQ=\n", true)]
    [InlineData("HID_ID=0003:0000051D\n", false)]
    [InlineData("HID_ID=0003:00000000051D:2\n", false)]
    [InlineData("HID_NAME=x\n", false)]
    [InlineData("", false)]
    public void An_uevent_without_a_usable_id_is_none(string text, bool read)
    {
        Assert.Equal(read, HidrawUevent.TryRead(Encoding.UTF8.GetBytes(text), out HidrawUevent? uevent));
        Assert.Equal(read ? "a b" : null, uevent?.Name);
    }

    [Theory]
    [InlineData("05840904A101C0", false)]
    [InlineData("0584090485011501", true)]
    [InlineData("FE020085010584", false)]
    [InlineData("FEFF", false)]
    [InlineData("27", false)]
    public void Numbered_reports_are_known_by_the_Report_ID_item(string descriptor, bool used) => Assert.Equal(used, HidReportIds.AreUsed(Convert.FromHexString(descriptor)));

    private void Plug(string node, string usbPort, string hid, string uevent)
    {
        string usb = Path.Combine(_root, "sys/devices/pci0000:00/0000:00:14.0/usb1", usbPort);
        string device = Path.Combine(usb, usbPort + ":1.0", hid);
        string raw = Path.Combine(device, "hidraw", node);
        Directory.CreateDirectory(raw);
        File.WriteAllText(Path.Combine(usb, "manufacturer"), "Example\n");
        File.WriteAllText(Path.Combine(usb, "product"), "Back-UPS 550\n");
        File.WriteAllText(Path.Combine(device, "uevent"), uevent);
        File.WriteAllBytes(Path.Combine(device, "report_descriptor"), [0x05, 0x84]);
        File.CreateSymbolicLink(Path.Combine(raw, "device"), "../../../" + hid);
        string classes = Path.Combine(_root, "sys/class/hidraw");
        Directory.CreateDirectory(classes);
        File.CreateSymbolicLink(Path.Combine(classes, node), "../../devices/pci0000:00/0000:00:14.0/usb1/" + usbPort + "/" + usbPort + ":1.0/" + hid + "/hidraw/" + node);
    }
}
