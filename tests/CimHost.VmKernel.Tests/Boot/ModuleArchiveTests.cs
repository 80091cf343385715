using System.Diagnostics;
using System.Text;
using CimHost.VmKernel.Boot.Archives;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public sealed class ModuleArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-module-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Entries_come_with_type_mode_owner_time_and_content()
    {
        ArchiveEntry[] entries = Read(new TarBytes()
            .Add("./", '5', mode: 493)
            .Add("./etc/", '5', mode: 1023)
            .Add("etc/motd", content: "hello\n", mode: 2541)
            .Add("bin", '2', link: "usr/bin")
            .End());
        Assert.Equal(["etc", "etc/motd", "bin"], entries.Select(e => e.Path));
        Assert.Equal([ArchiveEntryType.Directory, ArchiveEntryType.RegularFile, ArchiveEntryType.SymbolicLink], entries.Select(e => e.Type));
        Assert.Equal([1023, 2541, 420], entries.Select(e => e.Mode));
        Assert.Equal("hello\n", Encoding.UTF8.GetString(entries[1].Content.Span));
        Assert.Equal("usr/bin", entries[2].LinkTarget);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(Convert.ToInt64("14000000000", 8)), entries[1].ModificationTime);
    }

    [Theory]
    [InlineData("/etc/passwd", '0', "")]
    [InlineData("../etc/passwd", '0', "")]
    [InlineData("etc/../../passwd", '0', "")]
    [InlineData("etc//passwd", '0', "")]
    [InlineData("etc/./passwd", '0', "")]
    [InlineData("etc/x", '2', "../../y")]
    [InlineData("etc/x", '2', "a/../../../y")]
    [InlineData("etc/x", '2', "")]
    [InlineData("etc/x", '1', "etc/y")]
    [InlineData("dev/sda", '3', "")]
    [InlineData("dev/sda", '4', "")]
    [InlineData("fifo", '6', "")]
    [InlineData("sparse", 'S', "")]
    public void What_leaves_the_root_or_is_no_file_directory_or_symbolic_link_is_refused(string path, char type, string link) =>
        AssertRefused(new TarBytes().Add(path, type, link: link).End());

    [Fact]
    public void Links_within_the_root_and_absolute_ones_are_taken()
    {
        ArchiveEntry[] entries = Read(new TarBytes().Add("etc/a", '2', link: "../usr/a").Add("etc/b", '2', link: "/usr/b").End());
        Assert.Equal(["../usr/a", "/usr/b"], entries.Select(e => e.LinkTarget));
    }

    [Fact]
    public void An_entry_below_a_link_or_a_file_and_one_that_is_there_twice_are_refused()
    {
        AssertRefused(new TarBytes().Add("etc", '2', link: "/tmp").Add("etc/passwd").End());
        AssertRefused(new TarBytes().Add("etc").Add("etc/a/b").End());
        AssertRefused(new TarBytes().Add("etc").Add("etc").End());
    }

    [Theory]
    [InlineData('0', "77777777777")]
    [InlineData('x', "17777777777")]
    [InlineData('L', "17777777777")]
    [InlineData('g', "00001000000")]
    [InlineData('5', "00000000001")]
    [InlineData('0', "-0000000001")]
    [InlineData('0', "0x000000010")]
    public void A_size_that_no_archive_has_is_refused_before_memory_is_reserved(char type, string size)
    {
        byte[] packed = new TarBytes().Add("file", type, size: size).End();
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(packed);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void An_extended_header_cannot_give_another_size()
    {
        AssertRefused(new TarBytes().Add("pax", 'x', "17 size=17777777\n").Add("file").End());
        AssertRefused(new TarBytes().Add("pax", 'x', "22 GNU.sparse.major=1\n").Add("file").End());
    }

    [Fact]
    public void A_bomb_is_refused_at_the_limit()
    {
        var limits = new ArchiveLimits(10, 1 << 20, 1 << 20, true);
        byte[] bomb = TarBytes.Gzip(new byte[8 << 20]);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ArchiveCodec.Read(new MemoryStream(bomb), limits).Count());
        Assert.Contains("1048576", e.Message, StringComparison.Ordinal);
        var many = new TarBytes();
        for (int i = 0; i <= 10; i++)
        {
            many.Add($"file{i}");
        }

        Assert.Throws<InvalidDataException>(() => ArchiveCodec.Read(new MemoryStream(many.End()), limits).Count());
    }

    [Fact]
    public void No_truncation_is_taken_for_whole_and_no_flipped_bit_changes_what_is_read()
    {
        byte[] whole = new TarBytes().Add("etc/motd", content: string.Concat(Enumerable.Range(0, 300))).Add("etc/issue", content: "x").End();
        Assert.Equal(2, Read(whole).Length);
        for (int length = 0; length < whole.Length; length++)
        {
            AssertRefused(whole[..length]);
        }

        // Some bits of gzip say nothing (its header, how a run is coded); the others are noticed.
        string[] right = [.. Read(whole).Select(Text)];
        int refused = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] copy = [.. whole];
            copy[i] ^= 1;
            try
            {
                Assert.Equal(right, Read(copy).Select(Text));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, whole.Length / 2, whole.Length);
    }

    [Fact]
    public void An_archive_without_the_mark_at_its_end_is_cut_off() =>
        AssertRefused(new TarBytes().Add("etc/motd", content: "x").End(zeroBlocks: 0));

    [Fact]
    public void Verify_names_the_file_and_what_is_wrong()
    {
        string path = Path.Combine(_folder, "s.v00");
        Assert.Contains("s.v00 is missing", new ModuleArchive(path).Verify(), StringComparison.Ordinal);
        File.WriteAllBytes(path, []);
        Assert.Contains("0 bytes", new ModuleArchive(path).Verify(), StringComparison.Ordinal);
        File.WriteAllText(path, "not gzip");
        Assert.Contains("s.v00 cannot be used", new ModuleArchive(path).Verify(), StringComparison.Ordinal);
        File.WriteAllBytes(path, new TarBytes().Add("a", content: "x").Add("/b").End());
        Assert.Contains("/b", new ModuleArchive(path).Verify(), StringComparison.Ordinal);
        File.WriteAllBytes(path, new TarBytes().Add("a", content: "x").End());
        Assert.Null(new ModuleArchive(path).Verify());
    }

    [Fact]
    public void Any_entries_come_back_as_they_were()
    {
        ArchiveEntry[] entries =
        [
            new("etc", ArchiveEntryType.Directory, 493, 0, 0, Time(1)),
            new("etc/" + new string('n', 255), ArchiveEntryType.RegularFile, 384, 1000, 100, Time(2)) { Content = Encoding.UTF8.GetBytes("long name") },
            new("etc/empty", ArchiveEntryType.RegularFile, 2541, 70_000, 3_000_000, Time(3)),
            new("etc/ü€😀", ArchiveEntryType.RegularFile, 0, 0, 0, Time(4)) { Content = new byte[1000] },
            new("etc/link", ArchiveEntryType.SymbolicLink, 511, 0, 0, Time(5)) { LinkTarget = "../../../" + new string('t', 300) },
        ];
        ArchiveEntry[] read = Unpack(entries);
        Assert.Equal(entries.Select(Text), read.Select(Text));
    }

    [Fact]
    public void The_tar_of_this_computer_reads_what_is_written_and_writes_what_is_read()
    {
        ArchiveEntry[] entries =
        [
            new("etc", ArchiveEntryType.Directory, 493, 0, 0, Time(1)),
            new("etc/ü", ArchiveEntryType.RegularFile, 416, 0, 0, Time(2)) { Content = Encoding.UTF8.GetBytes("content") },
            new("etc/" + new string('n', 200), ArchiveEntryType.RegularFile, 416, 0, 0, Time(2)),
            new("etc/link", ArchiveEntryType.SymbolicLink, 511, 0, 0, Time(3)) { LinkTarget = "hosts" },
        ];
        string ours = Path.Combine(_folder, "ours.tgz");
        using (var file = File.Create(ours))
        {
            ArchiveCodec.Compress(ArchiveCodec.Pack(entries, ArchiveLimits.State), System.IO.Compression.CompressionLevel.Fastest).CopyTo(file);
        }

        string target = Directory.CreateDirectory(Path.Combine(_folder, "unpacked")).FullName;
        Tar("-xzpf", ours, "-C", target, "--no-same-owner");
        Assert.Equal("content", File.ReadAllText(Path.Combine(target, "etc/ü")));
        Assert.Equal("hosts", new FileInfo(Path.Combine(target, "etc/link")).LinkTarget);
        foreach (string format in new[] { "gnu", "pax" })
        {
            string theirs = Path.Combine(_folder, format + ".tgz");
            Tar("-czf", theirs, "--format=" + format, "-C", target, ".");
            Assert.Null(new ModuleArchive(theirs).Verify());
            Assert.Equal(
                entries.Select(e => $"{e.Path} {e.Type} {e.Mode} {e.Content.Length} {e.LinkTarget}").Order(),
                new ModuleArchive(theirs).Entries().Select(e => $"{e.Path} {e.Type} {e.Mode} {e.Content.Length} {e.LinkTarget}").Order());
        }
    }

    private static DateTimeOffset Time(int i) => new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567 * i);

    private static string Text(ArchiveEntry e) => $"{e.Path} {e.Type} {e.Mode} {e.UserId} {e.GroupId} {e.ModificationTime:O} {Convert.ToHexString(e.Content.Span)} {e.LinkTarget}";

    private static ArchiveEntry[] Unpack(ArchiveEntry[] entries) =>
        [.. ArchiveCodec.Read(ArchiveCodec.Compress(ArchiveCodec.Pack(entries, ArchiveLimits.State), System.IO.Compression.CompressionLevel.Fastest), ArchiveLimits.State)];

    private static ArchiveEntry[] Read(byte[] packed) => [.. ArchiveCodec.Read(new MemoryStream(packed), ArchiveLimits.Module)];

    private static void AssertRefused(byte[] packed)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read(packed));
        Assert.NotEmpty(e.Message);
    }

    private static void Tar(params string[] arguments)
    {
        using Process tar = Process.Start(new ProcessStartInfo("tar", arguments) { RedirectStandardError = true })!;
        string error = tar.StandardError.ReadToEnd();
        tar.WaitForExit();
        Assert.True(tar.ExitCode == 0, error);
    }
}
