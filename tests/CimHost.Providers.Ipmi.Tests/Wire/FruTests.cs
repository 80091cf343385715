using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Providers.Ipmi.Wire.Fru;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Wire;

public class FruTests
{
    [Fact]
    public void An_inventory_decodes_area_by_area()
    {
        FruInventory fru = FruInventory.Read(FruBytes.Server());

        Assert.Empty(fru.Problems);
        Assert.Equal((0x17, "CP-1", "CS-1"), (fru.Chassis!.Type, fru.Chassis.PartNumber, fru.Chassis.SerialNumber));
        Assert.Equal(("Boardmaker", "Board", "BS-1", "BP-1"), (fru.Board!.Manufacturer, fru.Board.ProductName, fru.Board.SerialNumber, fru.Board.PartNumber));
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), fru.Board.Manufactured);
        Assert.Equal(("Maker", "Server 9", "PP-1", "v2", "PS-1", "Tag 7"), (fru.Product!.Manufacturer, fru.Product.ProductName, fru.Product.PartNumber, fru.Product.Version, fru.Product.SerialNumber, fru.Product.AssetTag));
    }

    [Fact]
    public void Power_supply_information_comes_from_the_multi_records()
    {
        FruInventory fru = FruInventory.Read(FruBytes.PowerSupply());

        Assert.Empty(fru.Problems);
        Assert.Equal(new FruPowerSupplyInfo(750, 100_000, 240_000, 0, 0, 47, 63, 0x0C), fru.PowerSupply);
        Assert.True(fru.PowerSupply!.Autoswitch);
        Assert.True(fru.PowerSupply.HotSwap);
    }

    [Fact]
    public void A_DC_output_has_voltages_in_millivolts()
    {
        Assert.True(FruDcOutput.TryRead([0x81, 0xB0, 0x04, 0x74, 0x04, 0xEC, 0x04, 0x78, 0x00, 0x64, 0x00, 0x10, 0x27], out FruDcOutput? output));
        Assert.Equal(new FruDcOutput(1, true, 12_000, 11_400, 12_600, 120, 100, 10_000), output);
    }

    [Theory]
    [InlineData(7, "common header")]
    [InlineData(10, "chassis area")]
    [InlineData(40, "board area")]
    [InlineData(100, "product area")]
    public void A_wrong_checksum_is_told_and_costs_only_its_area(int at, string where)
    {
        byte[] data = FruBytes.Server();
        data[at] ^= 0x01;
        FruInventory fru = FruInventory.Read(data);

        Assert.Contains(where, Assert.Single(fru.Problems));
        Assert.Equal(where == "common header" ? 0 : 2, new object?[] { fru.Chassis, fru.Board, fru.Product }.Count(a => a is not null));
    }

    [Fact]
    public void An_inventory_cut_at_any_length_tells_a_problem()
    {
        foreach (byte[] whole in new[] { FruBytes.Server(), FruBytes.PowerSupply() })
        {
            int content = whole.Length - (whole.Length % 8);
            for (int length = 0; length < content; length++)
            {
                FruInventory fru = FruInventory.Read(whole.AsSpan(0, length));
                Assert.True(fru.Problems.Count > 0 || length >= UsedBytes(whole), $"{length} of {whole.Length} bytes raised no problem");
            }
        }
    }

    [Fact]
    public void A_field_that_runs_over_its_area_is_told()
    {
        FruInventory fru = FruInventory.Read(FruBytes.Inventory(FruBytes.Area([0x17, 0xFF, 0x41]), null, null));
        Assert.Null(fru.Chassis);
        Assert.Contains("runs over", Assert.Single(fru.Problems));
    }

    [Theory]
    [InlineData(0, new byte[] { 0x02, 0xAB, 0xCD }, "ABCD")]
    [InlineData(0, new byte[] { 0x42, 0x12, 0xCD }, "12.:")]
    [InlineData(0, new byte[] { 0x83, 0x29, 0xDC, 0xA6 }, "IPMI")]
    [InlineData(25, new byte[] { 0xC2, 0x41, 0xE9 }, "Aé")]
    [InlineData(53, new byte[] { 0xC4, 0xE5, 0x65, 0x2C, 0x67 }, "日本")]
    public void Fields_decode_in_every_encoding(byte language, byte[] field, string text)
    {
        FruInventory fru = FruInventory.Read(FruBytes.Inventory(null, null, FruBytes.Area([language, .. field, 0xC1])));
        Assert.Equal(text, fru.Product!.Manufacturer);
        Assert.Null(fru.Product.ProductName);
    }

    [Fact]
    public void Custom_fields_and_empty_fields_keep_their_places()
    {
        FruInventory fru = FruInventory.Read(FruBytes.Inventory(FruBytes.Area([0x01, 0xC0, .. FruBytes.Text("SN"), .. FruBytes.Text("one"), .. FruBytes.Text("two"), 0xC1]), null, null));
        Assert.Null(fru.Chassis!.PartNumber);
        Assert.Equal("SN", fru.Chassis.SerialNumber);
        Assert.Equal(["one", "two"], fru.Chassis.Custom);
    }

    [Theory]
    [InlineData(0, "en")]
    [InlineData(53, "ja")]
    [InlineData(22, "de")]
    [InlineData(135, "zh")]
    [InlineData(136, "zu")]
    [InlineData(137, null)]
    public void Language_codes_are_those_of_the_definition(byte code, string? iso) => Assert.Equal(iso, FruLanguage.IsoCode(code));

    // Padding behind the last area or record says nothing; losing it is no problem.
    private static int UsedBytes(byte[] inventory) => inventory[5] == 0 ? inventory.Length : (inventory[5] * 8) + 5 + inventory[(inventory[5] * 8) + 2];
}
