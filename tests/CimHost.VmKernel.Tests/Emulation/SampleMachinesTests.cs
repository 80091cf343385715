using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Tests.Devices.Capture;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>The larger and the older sample machine, and the templates that they are made with.</summary>
public sealed class SampleMachinesTests
{
    [Fact]
    public async Task The_storage_node_has_sixty_different_SAS_disks_each_in_a_slot_of_its_own_and_200_sensors()
    {
        EmulatedMachine machine = ReplayTests.Sample("storage-node");
        Assert.Equal(63, machine.Disks.Count);
        var names = new HashSet<string>();
        var phys = new HashSet<string>();
        foreach (IDiskPort disk in machine.Disks.Where(d => d.Name.StartsWith("sd", StringComparison.Ordinal)))
        {
            byte[] page = (await disk.ScsiAsync(ScsiCommand.Read(new byte[] { 0x12, 1, 0x83, 0, 255, 0 }, 255), default)).Data.ToArray();
            for (int at = 4; at + 4 <= page.Length; at += 4 + page[at + 3])
            {
                if ((page[at + 1] & 0x3F) is 0x03 or 0x13)
                {
                    ((page[at + 1] & 0x30) == 0 ? names : phys).Add(Convert.ToHexString(page.AsSpan(at + 4, 8)));
                }
            }
        }

        Assert.Equal(60, names.Count);
        Assert.Equal("sdbh", machine.Disks.Where(d => d.Name.StartsWith("sd", StringComparison.Ordinal)).Last().Name);
        foreach (string enclosure in (string[])["sg60", "sg61"])
        {
            byte[] slots = (await machine.Disks.Single(d => d.Name == enclosure).ScsiAsync(ScsiCommand.Read(new byte[] { 0x1C, 1, 0x0A, 0x20, 0, 0 }, 8192), default)).Data.ToArray();
            string all = Convert.ToHexString(slots);
            Assert.Equal(30, Enumerable.Range(0, 60).Count(n => all.Contains($"5000C500E1A{n:X3}01", StringComparison.Ordinal)));
        }

        Assert.Equal(200, machine.Described.Bmc!.Sensors.Count);
        Assert.StartsWith("00", await machine.AskAsync("04 2D C8"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_server_speaks_IPMI_1_5_and_has_what_such_controllers_have()
    {
        EmulatedMachine machine = ReplayTests.Sample("old-server");
        Assert.Equal("51", (await machine.AskAsync("06 01"))[10..12]);

        // No device SDR commands, no GUID.
        foreach (string request in (string[])["04 20", "04 21 00 00 00 00 00 10", "06 37"])
        {
            Assert.Equal("C1", await machine.AskAsync(request));
        }

        // A reservation is needed and does not last.
        Assert.Equal("C5", await machine.AskAsync("0A 23 00 00 01 00 05 08"));
        string id = (await machine.AskAsync("0A 22"))[2..];
        var answers = new List<string>();
        for (int i = 0; i < 30; i++)
        {
            answers.Add((await machine.AskAsync($"0A 23 {id} 01 00 05 08"))[..2]);
        }

        Assert.InRange(answers.Count(a => a == "C5"), 2, 3);
        Assert.Equal("CB", await machine.AskAsync("04 2D 03"));
        byte[] fru = Convert.FromHexString(await machine.AskAsync("0A 11 00 00 00 08"));
        Assert.Equal(0, (byte)fru[2..].Sum(b => b));
        byte[] whole = new byte[256];
        for (int at = 0; at < 256; at += 16)
        {
            Convert.FromHexString((await machine.AskAsync($"0A 11 00 {at:X2} 00 10"))[4..]).CopyTo(whole, at);
        }

        int product = whole[4] * 8;
        Assert.NotEqual(0, (byte)whole.AsSpan(product, whole[product + 1] * 8).ToArray().Sum(b => b));
        Assert.Equal("FFFFFFFF", (await machine.AskAsync("0A 11 01 00 00 04"))[4..]);
    }

    [Fact]
    public void A_template_fills_numbers_in_and_lets_single_ones_differ()
    {
        MachineNode node = MachineNodeReader.Read("x.json", """
            { "each": { "from": 24, "count": 4, "but": [ { "n": 26, "kind": "other {n}" } ] },
              "name": "{sd}", "place": ["{n}", "{n-20:2}", "{x+230:4}", "{unknown}"], "kind": "same" }
            """u8);
        MachineNode[] copies = [.. NodeTemplate.Expand(node)];
        Assert.Equal(["sdy", "sdz", "sdaa", "sdab"], copies.Select(c => c.Required("name").AsText()));
        Assert.All(copies, c => Assert.Equal(4, c.Required("place").AsList(4).Count));
        Assert.Equal(["25", "05", "00ff", "{unknown}"], copies[1].Required("place").AsList(4).Select(i => i.AsText()));
        Assert.Equal(["same", "same", "other 26", "same"], copies.Select(c => c.Required("kind").AsText()));
        Assert.All(copies, c => c.End());
    }

    [Theory]
    [InlineData("""{ "each": { "count": 0 } }""", "$.each.count")]
    [InlineData("""{ "each": { "count": 100000 } }""", "$.each.count")]
    [InlineData("""{ "each": { "count": 2, "but": [ { "n": 2 } ] } }""", "$.each.but[0].n")]
    [InlineData("""{ "each": { "count": 2, "but": [ { "n": 1 }, { "n": 1 } ] } }""", "$.each.but[1].n")]
    [InlineData("""{ "each": { "count": 2, "step": 2 } }""", "$.each.step")]
    [InlineData("""{ "each": { "count": 2 }, "name": "{n-1}" }""", "$.name")]
    public void A_wrong_template_says_where(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<MachineFileException>(() => NodeTemplate.Expand(MachineNodeReader.Read("x.json", System.Text.Encoding.UTF8.GetBytes(text))).ToList()).Message, StringComparison.Ordinal);
}
