using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Providers.Platform.Wire.Modules;
using CimHost.Sdk.Testing;
using CimHost.VmKernel.Devices.HostCalls;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>What plug-in modules of network ports and the kernel's ethtool can answer. Modules are also tried with right checksums, or no field would be looked at.</summary>
public class ModuleFuzz
{
    private const int Page = ModuleBytes.PageLength;

    // An SFP's two halves, a QSFP's three pages, a CMIS module's three, each whole in one input.
    private static byte[][] Seeds => [.. ((byte[])[0x03, 0x11, 0x18]).Select(identifier => Enumerable.Range(0, 3 * Page).Select(i => i % Page == 0 ? identifier : (byte)((i * 7) + 0x20)).ToArray())];

    [Fact]
    public void Any_bytes_are_a_module_or_are_refused_with_a_reason() => Fuzzer.Run(Seeds, static data =>
    {
        Decode(data);
        byte[] good = new byte[3 * Page];
        data.AsSpan(0, Math.Min(data.Length, good.Length)).CopyTo(good);
        foreach ((int from, int sum) in ((int, int)[])[(0, 63), (64, 95), (Page, Page + 63), (Page + 64, Page + 95), (Page, Page + 94), (Page, Page + 95)])
        {
            good[sum] = (byte)good.AsSpan(from, sum - from).ToArray().Sum(b => b);
            Decode(good);
        }
    });

    [Fact]
    public void Any_answer_of_ethtool_is_read_or_refused() => Fuzzer.Run(
        [Convert.FromHexString("24000000100000000100000000000000010200000600020065740000" + "0600010015000000"), Convert.FromHexString("240000001500000001000000000000002001000008000180000000000700070003040700")],
        static data =>
        {
            Assert.InRange(GenericNetlink.ReadFamily(data, 1, out _), -1, int.MaxValue);
            int error = GenericNetlink.ReadModule(data, 1, out byte[] page);
            Assert.True(error >= -1 && page.Length <= ModulePage.Length && (error == 0 || page.Length == 0));
        });

    [Fact]
    public void Any_room_of_a_file_system_is_plausible_or_refused() => Fuzzer.Run(
        [[.. "size 1000\nfree 900\navailable 800\n"u8]],
        static data => Assert.True(!FileSystemRoom.TryRead(data, out FileSystemRoom? room) || (room.Free <= room.Size && room.Available <= room.Size)));

    private static void Decode(byte[] data)
    {
        ReadOnlySpan<byte> first = Part(data, 0), second = Part(data, 1), third = Part(data, 2);
        Check(Sff8472.TryRead(first, second, out OpticalModule? module, out string? reason), module, reason);
        Check(Sff8636.TryRead(first, second, third, out module, out reason), module, reason);
        Check(Cmis.TryRead(first, second, third, out module, out reason), module, reason);
    }

    private static ReadOnlySpan<byte> Part(byte[] data, int number) => data.AsSpan(Math.Min(number * Page, data.Length), Math.Clamp(data.Length - (number * Page), 0, Page));

    private static void Check(bool read, OpticalModule? module, string? reason)
    {
        Assert.Equal((read, !read), (module is not null, reason is not null));
        foreach (ModuleQuantity quantity in module?.Quantities ?? [])
        {
            Assert.InRange(quantity.Value, -2_000_000_000, 2_000_000_000);
        }

        Assert.True(module is null || !module.Vendor.Concat(module.PartNumber).Concat(module.SerialNumber).Any(char.IsControl), "texts are printable");
    }
}
