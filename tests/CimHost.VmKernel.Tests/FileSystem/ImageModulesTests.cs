using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Tests.Boot;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>Modules of an image laid over the tree.</summary>
public sealed class ImageModulesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-modules-").FullName;
    private HostLayout _host = null!;

    public async Task InitializeAsync() => _host = await HostLayout.CreateAsync(new PageBudget(64 << 20));

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Files_directories_and_links_of_a_module_are_in_the_tree()
    {
        await UnpackAsync(new TarBytes()
            .Add("./", '5').Add("./usr/", '5').Add("usr/lib/x", content: "library", mode: Octal("755")).Add("usr/lib/y", '2', link: "x")
            .Add("etc/", '5', mode: Octal("700")).Add("etc/init.d/script", content: "#!/bin/sh", mode: Octal("555")).Add("opt/vendor/", '5', mode: Octal("750"))
            .Add("var/lib/data", content: "d").Add("tmp/f", content: "t").Add("dev/", '5').Add("proc/", '5').Add("vmfs/", '5'));

        Assert.Equal("library", await _host.Vfs.ReadTextAsync("/usr/lib/y"));
        Assert.Equal(Octal("755"), _host.Vfs.Stat(FileCaller.Root, "/usr/lib/x").Mode);
        Assert.Equal(Octal("555"), _host.Vfs.Stat(FileCaller.Root, "/etc/init.d/script").Mode);
        Assert.Equal(Octal("750"), _host.Vfs.Stat(FileCaller.Root, "/opt/vendor").Mode);
        Assert.Equal("dt", await _host.Vfs.ReadTextAsync("/var/lib/data") + await _host.Vfs.ReadTextAsync("/tmp/f"));
        Assert.Equal((Octal("755"), Octal("1777")), (_host.Vfs.Stat(FileCaller.Root, "/etc").Mode, _host.Vfs.Stat(FileCaller.Root, "/tmp").Mode));
        Assert.NotEmpty(await _host.Vfs.ListAsync("/proc"));
    }

    [Fact]
    public async Task Later_modules_lie_over_earlier_ones()
    {
        await UnpackAsync(
            new TarBytes().Add("usr/lib/a", content: "first").Add("usr/lib/b", content: "first and longer").Add("usr/lib/c", '2', link: "a"),
            new TarBytes().Add("usr/lib/b", content: "second").Add("usr/lib/c", content: "a file now"));
        Assert.Equal("first", await _host.Vfs.ReadTextAsync("/usr/lib/a"));
        Assert.Equal("second", await _host.Vfs.ReadTextAsync("/usr/lib/b"));
        Assert.Equal("a file now", await _host.Vfs.ReadTextAsync("/usr/lib/c"));
    }

    [Theory]
    [InlineData("dev/null2"), InlineData("proc/mounts"), InlineData("vmfs/volumes/x"), InlineData("bootbank"), InlineData("altbootbank"), InlineData("scratch")]
    [InlineData("scratch/x"), InlineData("usr/file/x"), InlineData("usr")]
    public async Task What_has_no_place_is_refused_with_module_and_path(string path)
    {
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(
            new TarBytes().Add("usr/file", content: "x"), new TarBytes().Add(path, content: "x")));
        Assert.Contains("m1.v00", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_does_not_fit_is_refused()
    {
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(new TarBytes().Add("usr/lib/big", content: new string('x', 33 << 20))));
        Assert.Contains("usr/lib/big", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_module_is_refused()
    {
        byte[] whole = new TarBytes().Add("usr/lib/x", content: "x").End();
        string file = Path.Combine(_folder, "damaged.v00");
        await File.WriteAllBytesAsync(file, whole[..^9]);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => new ImageModules(_host, NullLogger.Instance).UnpackAsync([file], default));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passwd"), InlineData("shadow"), InlineData("group"), InlineData("roles"), InlineData("permissions")]
    public async Task The_users_of_a_host_never_come_from_an_image(string name)
    {
        await UnpackAsync(new TarBytes().Add("etc/" + name, content: "root::0:0::/:/bin/sh\n").Add("etc/other", content: "x"));
        await FailsAsync(Errno.ENOENT, () => _host.Vfs.ReadTextAsync("/etc/" + name));
        Assert.Equal("x", await _host.Vfs.ReadTextAsync("/etc/other"));
    }

    private async Task UnpackAsync(params TarBytes[] modules)
    {
        List<string> files = [];
        foreach (TarBytes module in modules)
        {
            files.Add(Path.Combine(_folder, $"m{files.Count}.v00"));
            await File.WriteAllBytesAsync(files[^1], module.End());
        }

        await new ImageModules(_host, NullLogger.Instance).UnpackAsync(files, default);
    }
}
