using System.Text;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Capture.Redaction;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Capture;

/// <summary>Identifiers are replaced wherever and however they are written, the same by the same, and what checks them stays right.</summary>
public sealed class RedactionTests
{
    private const string Serial = "SN7Q4201XK";
    private static readonly byte[] s_name = Convert.FromHexString("5000C500D0E0F100");
    private static readonly byte[] s_mac = Convert.FromHexString("001B21A3B4C5");

    [Fact]
    public void A_serial_number_is_found_as_text_in_UTF_16_in_swapped_words_and_in_hexadecimal()
    {
        var capture = new MachineCapture();
        Add(capture, "/sys/class/x/serial", Serial + "\n");
        Add(capture, "/sys/a", $"before{Serial}after");
        Add(capture, "/sys/b", Encoding.Unicode.GetBytes("x" + Serial));
        Add(capture, "/sys/c", Swap(Encoding.ASCII.GetBytes(Serial)));
        Add(capture, "/sys/d", Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Serial)));
        Add(capture, $"/sys/by-id/disk-{Serial}", "1");

        Assert.Equal(1, CaptureRedaction.Apply(capture));

        string other = Text(capture, "/sys/class/x/serial").TrimEnd();
        Assert.Equal(Serial.Length, other.Length);
        Assert.NotEqual(Serial, other);
        Assert.Equal(Serial.Select(Kind), other.Select(Kind));
        Assert.Equal($"before{other}after", Text(capture, "/sys/a"));
        Assert.Equal("x" + other, Encoding.Unicode.GetString(Bytes(capture, "/sys/b")));
        Assert.Equal(other, Encoding.ASCII.GetString(Swap(Bytes(capture, "/sys/c"))));
        Assert.Equal(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(other)), Text(capture, "/sys/d"));
        Assert.Contains($"/sys/by-id/disk-{other}", capture.Files.Keys);
    }

    [Theory]
    [InlineData("50.lower", 0x03, 68, 64, 95)]
    [InlineData("50.00", 0x11, 68, 64, 95)]
    [InlineData("50.00", 0x18, 38, 0, 94)]
    public void The_serial_number_of_an_optical_module_is_replaced_and_its_checksum_stays_right(string file, byte identifier, int serial, int from, int sum)
    {
        byte[] page = new byte[128];
        page[0] = identifier;
        Encoding.ASCII.GetBytes(Serial.PadRight(16)).CopyTo(page, serial);
        page[sum] = (byte)page[from..sum].Sum(b => b);
        var capture = new MachineCapture();
        string path = "/cimhost/module-eeprom/eth0/" + file;
        Add(capture, path, page);

        Assert.Equal(1, CaptureRedaction.Apply(capture));

        byte[] other = Bytes(capture, path);
        Assert.NotEqual(Serial, Encoding.ASCII.GetString(other, serial, Serial.Length));
        Assert.Equal((byte)other[from..sum].Sum(b => b), other[sum]);
    }

    [Fact]
    public void Names_and_addresses_are_found_in_bytes_of_either_order_and_in_texts_and_keep_their_maker()
    {
        var capture = new MachineCapture();
        Add(capture, "/sys/class/net/eth0/address", "00:1b:21:a3:b4:c5\n");
        Add(capture, "/sys/binary", [.. s_mac, .. s_name, .. s_name.Reverse(), .. Swap(s_name)]);
        Add(capture, "/sys/block/sda/device/wwid", "naa.5000c500d0e0f100\n");
        Add(capture, "/proc/net/route", "10.1.20.200 fe80::21b:21ff:fea3:b4c5 127.0.0.1 255.255.255.0 ::1");
        Add(capture, "/sys/version", "10.1.2.3 is a version here");
        Add(capture, "/sys/uuid", "7d1c34d0-5b2e-4a55-9b0a-0c1f2e3d4c5b");
        Add(capture, "/sys/smbios", [.. new Guid("7d1c34d0-5b2e-4a55-9b0a-0c1f2e3d4c5b").ToByteArray()]);

        CaptureRedaction.Apply(capture);

        byte[] binary = Bytes(capture, "/sys/binary");
        string mac = Convert.ToHexString(binary.AsSpan(0, 6));
        Assert.StartsWith("001B21", mac, StringComparison.Ordinal);
        Assert.NotEqual("001B21A3B4C5", mac);
        Assert.Equal(mac, Text(capture, "/sys/class/net/eth0/address").Trim().Replace(":", string.Empty, StringComparison.Ordinal).ToUpperInvariant());
        byte[] name = binary[6..14];
        Assert.Equal(s_name[..4], name[..4]);
        Assert.NotEqual(s_name, name);
        Assert.Equal(name, binary[14..22].Reverse());
        Assert.Equal(name, Swap(binary[22..30]));
        Assert.Equal($"naa.{Convert.ToHexStringLower(name)}\n", Text(capture, "/sys/block/sda/device/wwid"));
        string[] addresses = Text(capture, "/proc/net/route").Split(' ');
        Assert.NotEqual("10.1.20.200", addresses[0]);
        Assert.Equal("10.1.20.200".Split('.').Select(n => n.Length), addresses[0].Split('.').Select(n => n.Length));
        Assert.StartsWith("fe80::", addresses[1], StringComparison.Ordinal);
        Assert.NotEqual("fe80::21b:21ff:fea3:b4c5", addresses[1]);
        Assert.Equal(["127.0.0.1", "255.255.255.0", "::1"], addresses[2..]);
        Assert.Equal("10.1.2.3 is a version here", Text(capture, "/sys/version"));
        Assert.Equal(new Guid(Text(capture, "/sys/uuid")), new Guid(Bytes(capture, "/sys/smbios")));
        Assert.NotEqual("7d1c34d0-5b2e-4a55-9b0a-0c1f2e3d4c5b", Text(capture, "/sys/uuid"));
    }

    [Fact]
    public void Checksums_of_FRU_areas_read_in_pieces_stay_right_and_wrong_ones_stay_wrong()
    {
        byte[] board = Area([0x01, 0x05, 0, 0, 0, 0, .. Field("Maker"), .. Field("Board"), .. Field(Serial), .. Field("PN-1"), 0xC1]);
        byte[] product = Area([0x01, 0x05, 0, .. Field("Maker"), .. Field("Name"), .. Field("PN-2"), .. Field("1.0"), .. Packed("AB12CD34"), 0x44, 0x12, 0x34, 0x56, 0x78, 0xC1]);
        product[^1]++;
        byte[] header = [1, 0, 0, 1, (byte)(1 + (board.Length / 8)), 0, 0, 0];
        header[7] = (byte)-header.Sum(b => b);
        byte[] fru = [.. header, .. board, .. product];
        var capture = new MachineCapture();
        var log = new CommandLog("ipmi0", CommandLog.Ipmi);
        for (int at = 0; at < fru.Length; at += 7)
        {
            byte[] piece = fru[at..Math.Min(at + 7, fru.Length)];
            log.Add(new Exchange([0x0A, 0, 0x11, 5, (byte)at, (byte)(at >> 8), 7]) { Data = [(byte)piece.Length, .. piece] });
        }

        capture.Controllers.Add(log);
        CaptureRedaction.Apply(capture);

        byte[] after = [.. capture.Controllers[0].Exchanges.Values.OrderBy(e => e.Request[4] | (e.Request[5] << 8)).SelectMany(e => e.Data[1..])];
        Assert.Equal(fru.Length, after.Length);
        Assert.DoesNotContain(Serial, Encoding.Latin1.GetString(after), StringComparison.Ordinal);
        Assert.Equal(0, (byte)after.AsSpan(8, board.Length).ToArray().Sum(b => b));
        Assert.Equal(1, (byte)after.AsSpan(8 + board.Length).ToArray().Sum(b => b));
        int packed = Array.IndexOf(product, (byte)0x86);
        Assert.NotEqual(product[(packed + 1)..(packed + 7)], after[(8 + board.Length + packed + 1)..(8 + board.Length + packed + 7)]);
        Assert.NotEqual(Convert.FromHexString("12345678"), after[(8 + board.Length + packed + 8)..(8 + board.Length + packed + 12)]);
        Assert.Contains("Board", Encoding.Latin1.GetString(after), StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_of_IDENTIFY_DEVICE_stays_right()
    {
        byte[] identify = new byte[512];
        Swap(Encoding.ASCII.GetBytes(Serial.PadLeft(20))).CopyTo(identify, 20);
        Swap(s_name).CopyTo(identify, 216);
        identify[510] = 0xA5;
        identify[511] = (byte)-identify.Sum(b => b);
        var log = new CommandLog("sda", CommandLog.Scsi);
        log.Add(new Exchange([0x85, 8, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0]) { Data = identify });
        var capture = new MachineCapture();
        capture.Disks.Add(log);

        Assert.Equal(2, CaptureRedaction.Apply(capture));

        byte[] after = capture.Disks[0].Exchanges.Values.Single().Data;
        Assert.Equal(0, (byte)after.Sum(b => b));
        Assert.NotEqual(Serial, Encoding.ASCII.GetString(Swap(after[20..40])).Trim());
        Assert.Equal(Serial.Length, Encoding.ASCII.GetString(Swap(after[20..40])).Trim().Length);
        Assert.Equal(s_name[..4], Swap(after[216..224])[..4]);
        Assert.NotEqual(s_name, Swap(after[216..224]));
    }

    [Fact]
    public void Addresses_of_a_controller_are_replaced_and_its_community_is_blotted_out()
    {
        var log = new CommandLog("ipmi0", CommandLog.Ipmi);
        log.Add(new Exchange([0x0C, 0, 0x02, 1, 3, 0, 0]) { Data = [0x11, 192, 0, 2, 10] });
        log.Add(new Exchange([0x0C, 0, 0x02, 1, 5, 0, 0]) { Data = [0x11, .. s_mac] });
        log.Add(new Exchange([0x0C, 0, 0x02, 1, 6, 0, 0]) { Data = [0x11, 255, 255, 255, 0] });
        log.Add(new Exchange([0x0C, 0, 0x02, 1, 16, 0, 0]) { Data = [0x11, .. "public"u8, .. new byte[12]] });
        var capture = new MachineCapture();
        capture.Controllers.Add(log);
        Add(capture, "/proc/net/arp", "192.0.2.10 is the BMC");

        CaptureRedaction.Apply(capture);

        byte[] Answer(byte parameter) => capture.Controllers[0].Exchanges.Values.Single(e => e.Request[4] == parameter).Data;
        Assert.NotEqual([192, 0, 2, 10], Answer(3)[1..]);
        Assert.Equal($"{string.Join('.', Answer(3)[1..])} is the BMC", Text(capture, "/proc/net/arp"));
        Assert.NotEqual(s_mac, Answer(5)[1..]);
        Assert.Equal([0x11, 255, 255, 255, 0], Answer(6));
        Assert.Equal([0x11, .. new byte[18]], Answer(16));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("To Be Filled By O.E.M.")]
    [InlineData("00000000")]
    [InlineData("Not Specified")]
    [InlineData("12")]
    public void A_placeholder_is_no_serial_number(string text)
    {
        var capture = new MachineCapture();
        Add(capture, "/sys/class/dmi/id/product_serial", text);
        Assert.Equal(0, CaptureRedaction.Apply(capture));
        Assert.Equal(text, Text(capture, "/sys/class/dmi/id/product_serial"));
    }

    [Fact]
    public void Two_captures_of_one_machine_do_not_show_that_they_are()
    {
        string[] others = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var capture = new MachineCapture();
            Add(capture, "/sys/serial", Serial);
            CaptureRedaction.Apply(capture);
            return Text(capture, "/sys/serial");
        })];
        Assert.NotEqual(others[0], others[1]);
    }

    private static void Add(MachineCapture capture, string path, string text) => Add(capture, path, Encoding.UTF8.GetBytes(text));

    private static void Add(MachineCapture capture, string path, byte[] bytes)
    {
        var entry = new CapturedEntry(CapturedEntryKind.File);
        entry.Add(0, bytes);
        capture.Files[path] = entry;
    }

    private static byte[] Bytes(MachineCapture capture, string path) => capture.Files[path].Read(0, int.MaxValue);

    private static string Text(MachineCapture capture, string path) => Encoding.UTF8.GetString(Bytes(capture, path));

    private static char Kind(char c) => char.IsAsciiDigit(c) ? '0' : char.IsAsciiLetterUpper(c) ? 'A' : 'a';

    private static byte[] Swap(byte[] bytes) => [.. bytes.Chunk(2).SelectMany(p => p.Reverse())];

    private static byte[] Field(string text) => [(byte)(0xC0 | text.Length), .. Encoding.Latin1.GetBytes(text)];

    // Packed 6-bit ASCII, four characters in three bytes, least significant bits first.
    private static byte[] Packed(string text)
    {
        int[] values = [.. text.Select(c => c - ' ')];
        byte[] bytes = [.. values.Chunk(4).SelectMany(v => (byte[])[(byte)(v[0] | (v[1] << 6)), (byte)((v[1] >> 2) | (v[2] << 4)), (byte)((v[2] >> 4) | (v[3] << 2))])];
        return [(byte)(0x80 | bytes.Length), .. bytes];
    }

    private static byte[] Area(byte[] content)
    {
        byte[] area = new byte[((content.Length + 1 + 7) / 8) * 8];
        content.CopyTo(area, 0);
        area[1] = (byte)(area.Length / 8);
        area[^1] = (byte)-area.Sum(b => b);
        return area;
    }
}
