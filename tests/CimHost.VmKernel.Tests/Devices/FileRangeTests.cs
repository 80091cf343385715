using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>Parts of files longer than an attribute, read from this computer's files.</summary>
public sealed class FileRangeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-range-").FullName;
    private readonly LinuxFileTree _tree;

    public FileRangeTests()
    {
        byte[] content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 >> 3))];
        File.WriteAllBytes(Path.Combine(_folder, "table"), content);
        _tree = new LinuxFileTree(_folder);
    }

    [Theory]
    [InlineData(0, 300_000, 300_000)]
    [InlineData(0, 1_000_000, 300_000)]
    [InlineData(70_000, 100, 100)]
    [InlineData(299_990, 100, 10)]
    [InlineData(300_000, 100, 0)]
    [InlineData(400_000, 100, 0)]
    [InlineData(5, 0, 0)]
    public async Task A_part_is_what_the_file_has_there(int offset, int count, int length)
    {
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(_folder, "table"));
        byte[]? part = await ((IFileTree)_tree).ReadRangeAsync("/table", offset, count, CancellationToken.None);
        Assert.NotNull(part);
        Assert.Equal(length, part.Length);
        Assert.Equal(whole.AsSpan(Math.Min(offset, whole.Length), length).ToArray(), part);
    }

    [Fact]
    public async Task A_file_that_is_not_there_has_no_parts() =>
        Assert.Null(await _tree.ReadRangeAsync("/none", 0, 10, CancellationToken.None));

    [Fact]
    public async Task A_part_larger_than_a_megabyte_is_not_read() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _tree.ReadRangeAsync("/table", 0, IFileTree.MaxRange + 1, CancellationToken.None));

    public void Dispose()
    {
        _tree.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
