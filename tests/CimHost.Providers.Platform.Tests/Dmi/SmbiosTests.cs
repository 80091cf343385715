using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Providers;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>Entry points and tables, right and wrong.</summary>
public sealed class SmbiosTests
{
    private const string Folder = "/sys/firmware/dmi/tables/";

    private static DmiDescription RackServer => DmiDescription.Parse(RepositoryRoot.PathOf("samples/machines/rack-server/firmware/dmi.txt"));

    private static DmiDescription OldDesktop => DmiDescription.Parse(RepositoryRoot.PathOf("tests/fixtures/dmi/old-2.3-desktop/dmi.txt"));

    [Fact]
    public void Both_entry_points_tell_version_and_length()
    {
        DmiDescription modern = RackServer;
        Assert.True(SmbiosEntryPoint.TryRead(modern.EntryPoint(), out SmbiosEntryPoint entryPoint, out _));
        Assert.Equal(("3.4", (uint)modern.Table.Length, null), (entryPoint.Version, entryPoint.TableLength, entryPoint.StructureCount));

        DmiDescription old = OldDesktop;
        Assert.True(SmbiosEntryPoint.TryRead(old.EntryPoint(), out entryPoint, out _));
        Assert.Equal(("2.3", (uint)old.Table.Length, (ushort)9), (entryPoint.Version, entryPoint.TableLength, entryPoint.StructureCount));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(0x0C)]
    [InlineData(0x17)]
    public void A_changed_byte_of_a_64_bit_entry_point_is_refused(int at)
    {
        byte[] bytes = RackServer.EntryPoint();
        bytes[at] ^= 0x10;
        Assert.False(SmbiosEntryPoint.TryRead(bytes, out _, out string? reason));
        Assert.NotNull(reason);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0x12)]
    [InlineData(0x16)]
    [InlineData(0x1E)]
    public void A_changed_byte_of_a_32_bit_entry_point_is_refused(int at)
    {
        byte[] bytes = OldDesktop.EntryPoint();
        bytes[at] ^= 0x10;
        Assert.False(SmbiosEntryPoint.TryRead(bytes, out _, out string? reason));
        Assert.NotNull(reason);
    }

    [Fact]
    public void Every_beginning_of_an_entry_point_is_refused_and_none_throws()
    {
        foreach (byte[] bytes in new[] { RackServer.EntryPoint(), OldDesktop.EntryPoint() })
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.False(SmbiosEntryPoint.TryRead(bytes.AsSpan(0, length), out _, out string? reason), $"{length} bytes");
                Assert.NotNull(reason);
            }
        }
    }

    [Fact]
    public void A_table_that_is_cut_gives_the_structures_before_the_cut()
    {
        byte[] table = RackServer.Table;
        Assert.True(SmbiosEntryPoint.TryRead(RackServer.EntryPoint(), out SmbiosEntryPoint entryPoint, out _));
        int before = 0;
        for (int length = 0; length <= table.Length; length++)
        {
            SmbiosTable read = SmbiosTable.Read(entryPoint, table.AsSpan(0, length));
            Assert.InRange(read.Structures.Count, before, before + 1);
            before = read.Structures.Count;
        }

        Assert.Equal(59, before);
    }

    [Fact]
    public async Task A_table_longer_than_an_attribute_is_read_whole()
    {
        // 3000 structures of 30 bytes and more.
        byte[] structure = [11, 5, 0, 0, 1, .. "a string of thirty characters!"u8, 0, 0];
        var table = new List<byte>();
        for (int i = 0; i < 3000; i++)
        {
            structure[2] = (byte)i;
            structure[3] = (byte)(i >> 8);
            table.AddRange(structure);
        }

        var host = new FakeProviderHost();
        byte[] entryPoint = RackServer.EntryPoint();
        BitConverter.GetBytes(table.Count).CopyTo(entryPoint, 0x0C);
        entryPoint[5] = 0;
        entryPoint[5] = (byte)-entryPoint.Sum(b => b);
        host.Hardware.Files.Add(Folder + "smbios_entry_point", entryPoint);
        host.Hardware.Files.Add(Folder + "DMI", [.. table]);
        Assert.Equal(3000, (await new PlatformPackage(host).EnumerateAsync(ClassNames.SmbiosStructure)).Count);
    }

    [Fact]
    public async Task A_table_that_could_not_be_read_is_read_again_and_a_good_one_is_kept()
    {
        var host = new FakeProviderHost();
        var source = new SmbiosSource(host);
        host.Hardware.Files.AddUnreadable(Folder + "smbios_entry_point", HardwareFault.Unavailable, "Permission denied");
        Assert.Contains("Permission denied", Assert.Single((await source.ReadAsync(CancellationToken.None)).Problems), StringComparison.Ordinal);

        host.Hardware.Files.Add(Folder + "smbios_entry_point", RackServer.EntryPoint());
        host.Hardware.Files.Add(Folder + "DMI", RackServer.Table);
        SmbiosInventory good = await source.ReadAsync(CancellationToken.None);
        Assert.Empty(good.Problems);
        host.Hardware.Files.Remove(Folder + "DMI");
        Assert.Same(good, await source.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Structures_that_announce_too_much_are_refused_alone_and_told_in_the_log()
    {
        PlatformPackage package = PlatformFixture.Load("dmi/wrong-counts");
        IReadOnlyList<CimInstance> structures = await package.EnumerateAsync(ClassNames.SmbiosStructure);
        string[] refused = [.. structures.Where(s => !s["Problem"].IsNull).Select(s => s["StructureType"].ToString())];
        Assert.Equal(["2", "3", "9", "11", "42", "17", "19"], refused);
        Assert.Single(await package.EnumerateAsync(ClassNames.Processor));
    }
}
