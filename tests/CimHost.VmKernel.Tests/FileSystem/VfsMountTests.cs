using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>Mounts, and what changes of a mount wait for.</summary>
public sealed class VfsMountTests
{
    private static readonly FileCaller s_root = FileCaller.Root;

    private readonly PageBudget _budget = new(16 << 20);
    private readonly Vfs _vfs;

    public VfsMountTests() => _vfs = new Vfs(new MemoryFileSystem("root", _budget, 1 << 20));

    [Fact]
    public async Task A_mount_hides_what_is_below_and_unmounting_shows_it_again()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/m", Octal("755"));
        await _vfs.WriteAsync("/m/below", "below");
        _vfs.Mount("/m", new MemoryFileSystem("m", _budget, 1 << 20));

        await _vfs.WriteAsync("/m/above", "above");

        Assert.Equal([".", "..", "above"], await _vfs.ListAsync("/m"));
        _vfs.Unmount("/m");
        Assert.Equal("below", await _vfs.ReadTextAsync("/m/below"));
    }

    [Fact]
    public async Task Dot_dot_leads_out_of_a_mount_and_names_are_found_across_nested_ones()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/a", Octal("755"));
        _vfs.Mount("/a", new MemoryFileSystem("a", _budget, 1 << 20));
        await _vfs.MakeDirectoryAsync(s_root, "/a/b", Octal("755"));
        Mount inner = _vfs.Mount("/a/b", new MemoryFileSystem("b", _budget, 1 << 20));
        await _vfs.WriteAsync("/a/b/f", "inner");
        await _vfs.WriteAsync("/a/f", "outer");
        await _vfs.WriteAsync("/f", "root");

        Assert.Equal("/a/b", inner.Path);
        Assert.Equal("outer", await _vfs.ReadTextAsync("/a/b/../f"));
        Assert.Equal("root", await _vfs.ReadTextAsync("/a/b/../../f"));
        Assert.Equal("inner", await _vfs.ReadTextAsync("/a/../a/b/../b/f"));
        VfsFile directory = _vfs.OpenWorkingDirectory(s_root, "/a/b");
        Assert.Equal("/a/b", Vfs.GetPath(directory));
        Assert.Equal(5, _vfs.Stat(s_root with { WorkingDirectory = directory }, "../f").Size);
        Assert.NotEqual(_vfs.Stat(s_root, "/a").Device, _vfs.Stat(s_root, "/a/b").Device);
    }

    [Fact]
    public async Task A_mount_in_use_is_EBUSY_until_the_last_file_is_closed()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/m", Octal("755"));
        _vfs.Mount("/m", new MemoryFileSystem("m", _budget, 1 << 20));
        await _vfs.WriteAsync("/m/f", "x");
        VfsFile file = await _vfs.OpenAsync("/m/f");
        VfsFile directory = _vfs.OpenWorkingDirectory(s_root, "/m");

        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _vfs.Unmount("/m")).Errno);
        file.Release();
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _vfs.Unmount("/m")).Errno);
        directory.Release();
        _vfs.Unmount("/m");
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => _vfs.Unmount("/m")).Errno);
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _vfs.Unmount("/")).Errno);
    }

    [Fact]
    public async Task A_mount_point_cannot_be_removed_or_renamed_or_linked_across()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/m", Octal("755"));
        _vfs.Mount("/m", new MemoryFileSystem("m", _budget, 1 << 20));
        await _vfs.WriteAsync("/f", "x");

        await FailsAsync(Errno.EBUSY, async () => await _vfs.RemoveDirectoryAsync(s_root, "/m"));
        await FailsAsync(Errno.EBUSY, async () => await _vfs.RenameAsync(s_root, "/m", "/n"));
        await FailsAsync(Errno.EXDEV, async () => await _vfs.RenameAsync(s_root, "/f", "/m/f"));
        await FailsAsync(Errno.EXDEV, async () => await _vfs.LinkAsync(s_root, "/f", "/m/f"));
    }

    [Fact]
    public async Task A_read_only_mount_refuses_every_change_with_EROFS()
    {
        var source = new MemoryFileSystem("m", _budget, 1 << 20);
        var inside = new Vfs(source);
        await inside.WriteAsync("/f", "text");
        await _vfs.MakeDirectoryAsync(s_root, "/m", Octal("755"));
        _vfs.Mount("/m", source, new MountOptions(IsReadOnly: true));

        Func<Task>[] changes =
        [
            async () => await _vfs.OpenAsync("/m/f", OpenFlags.O_WRONLY),
            async () => await _vfs.OpenAsync("/m/new", OpenFlags.O_CREAT),
            async () => await _vfs.MakeDirectoryAsync(s_root, "/m/d", Octal("755")),
            async () => await _vfs.UnlinkAsync(s_root, "/m/f"),
            async () => await _vfs.RenameAsync(s_root, "/m/f", "/m/g"),
            async () => await _vfs.LinkAsync(s_root, "/m/f", "/m/g"),
            async () => await _vfs.SymbolicLinkAsync(s_root, "x", "/m/l"),
            async () => await _vfs.ChangeModeAsync(s_root, "/m/f", 0),
            async () => await _vfs.ChangeOwnerAsync(s_root, "/m/f", 1, 1),
            async () => await _vfs.ChangeTimesAsync(s_root, "/m/f", FileTimeChange.Now, FileTimeChange.Now),
            async () => await _vfs.TruncateAsync(s_root, "/m/f", 0),
        ];
        foreach (Func<Task> change in changes)
        {
            await FailsAsync(Errno.EROFS, change);
        }

        Assert.Equal(Errno.EROFS, Assert.Throws<KernelException>(() => _vfs.DemandAccess(s_root, "/m/f", AccessRights.Write)).Errno);
        Assert.Equal("text", await _vfs.ReadTextAsync("/m/f"));
        Assert.True(_vfs.GetStatistics(s_root, "/m").IsReadOnly);
    }

    [Fact]
    public async Task Every_change_of_a_persistent_mount_is_kept_before_it_is_acknowledged()
    {
        var kept = new CountingPersistence();
        await _vfs.MakeDirectoryAsync(s_root, "/etc", Octal("755"));
        _vfs.Mount("/etc", new MemoryFileSystem("etc", _budget, 1 << 20), new MountOptions(Persistence: kept));

        await ExpectAsync(1, () => _vfs.MakeDirectoryAsync(s_root, "/etc/d", Octal("755")));
        await ExpectAsync(1, () => _vfs.SymbolicLinkAsync(s_root, "x", "/etc/l"));
        await ExpectAsync(1, () => _vfs.ChangeModeAsync(s_root, "/etc/d", Octal("700")));
        await ExpectAsync(1, () => _vfs.RenameAsync(s_root, "/etc/l", "/etc/m"));
        await ExpectAsync(1, () => _vfs.UnlinkAsync(s_root, "/etc/m"));
        await ExpectAsync(1, () => _vfs.RemoveDirectoryAsync(s_root, "/etc/d"));
        VfsFile? file = null;
        await ExpectAsync(1, async () => file = await _vfs.OpenAsync("/etc/f", OpenFlags.O_RDWR | OpenFlags.O_CREAT));
        await ExpectAsync(0, async () => await file!.WriteAsync(new byte[10]));
        await ExpectAsync(1, () => file!.SyncAsync());
        await ExpectAsync(1, () => file!.TruncateAsync(5));
        await ExpectAsync(0, async () => await file!.WriteAsync(new byte[10]));
        await ExpectAsync(1, () => file!.ReleaseAsync());
        await ExpectAsync(0, async () => await _vfs.ReadBytesAsync("/etc/f"));
        await ExpectAsync(1, () => _vfs.TruncateAsync(s_root, "/etc/f", 0));

        async Task ExpectAsync(int commits, Func<ValueTask> change)
        {
            int before = kept.Count;
            await change();
            Assert.Equal(commits, kept.Count - before);
        }
    }

    [Fact]
    public async Task A_change_that_cannot_be_kept_is_an_error()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/etc", Octal("755"));
        _vfs.Mount("/etc", new MemoryFileSystem("etc", _budget, 1 << 20), new MountOptions(Persistence: new CountingPersistence { Failure = new IOException("no disk") }));

        await FailsAsync(Errno.EIO, async () => await _vfs.MakeDirectoryAsync(s_root, "/etc/d", Octal("755")));
    }

    [Fact]
    public async Task Changes_that_arrive_during_a_commit_share_the_next_one()
    {
        var kept = new CountingPersistence { Gate = new TaskCompletionSource() };
        await _vfs.MakeDirectoryAsync(s_root, "/etc", Octal("755"));
        _vfs.Mount("/etc", new MemoryFileSystem("etc", _budget, 1 << 20), new MountOptions(Persistence: kept));

        Task[] changes = [.. Enumerable.Range(0, 50).Select(i => _vfs.MakeDirectoryAsync(s_root, $"/etc/d{i}", Octal("755")).AsTask())];
        Assert.All(changes, c => Assert.False(c.IsCompleted));
        kept.Gate.SetResult();
        await Task.WhenAll(changes);

        Assert.Equal(2, kept.Count);
    }

    [Fact]
    public async Task Many_threads_make_rename_and_remove_in_the_same_directories()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/a", Octal("755"));
        await _vfs.MakeDirectoryAsync(s_root, "/b", Octal("755"));
        await _vfs.WriteAsync("/a/stays", "x");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                await _vfs.WriteAsync($"/a/{worker}", "content");
                await _vfs.RenameAsync(s_root, $"/a/{worker}", $"/b/{worker}");
                Assert.Equal("content", await _vfs.ReadTextAsync($"/b/{worker}"));
                await _vfs.RenameAsync(s_root, $"/b/{worker}", "/b/target");
                Assert.Equal(7, _vfs.Stat(s_root, "/b/target").Size);
                Assert.Contains("stays", await _vfs.ListAsync("/a", batch: 2));
            }
        })));

        Assert.Equal([".", "..", "stays"], await _vfs.ListAsync("/a"));
        Assert.Equal([".", "..", "target"], await _vfs.ListAsync("/b"));
        Assert.Equal(2 * PageBudget.PageSize, _budget.CommittedBytes);
    }

    [Fact]
    public async Task Appends_of_many_threads_never_overwrite_each_other()
    {
        await _vfs.WriteAsync("/log", string.Empty);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            VfsFile file = await _vfs.OpenAsync("/log", OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
            for (int i = 0; i < 1_000; i++)
            {
                await file.WriteAsync(new byte[] { (byte)('a' + worker), (byte)('a' + worker), (byte)'\n' });
            }

            await file.ReleaseAsync();
        })));

        string[] lines = (await _vfs.ReadTextAsync("/log")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4_000, lines.Length);
        Assert.All(lines.GroupBy(l => l), g => Assert.True(g.Count() == 1_000 && g.Key.Length == 2 && g.Key[0] == g.Key[1]));
    }

    [Fact]
    public async Task Reading_a_directory_keeps_its_place_while_entries_come_and_go()
    {
        for (int i = 0; i < 100; i++)
        {
            await _vfs.WriteAsync($"/f{i}", string.Empty);
        }

        VfsFile directory = await _vfs.OpenAsync("/", OpenFlags.O_DIRECTORY);
        var seen = new List<string>();
        var entries = new DirectoryEntry[7];
        for (int round = 0; await directory.ReadDirectoryAsync(entries) is var count and > 0; round++)
        {
            seen.AddRange(entries.Take(count).Select(e => e.Name));
            await _vfs.UnlinkAsync(s_root, $"/f{round}");
            if (round < 20)
            {
                await _vfs.WriteAsync($"/new{round}", string.Empty);
            }
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal([.. Enumerable.Range(20, 80).Select(i => $"f{i}")], seen.Where(n => n[0] == 'f' && int.Parse(n[1..]) >= 20).ToArray());
        await directory.SeekAsync(0, SeekOrigin.Begin);
        Assert.Equal(".", (await directory.ReadDirectoryAsync(entries)) > 0 ? entries[0].Name : null);
    }

    [Fact]
    public async Task Limits_of_a_ramdisk_are_ENOSPC_and_what_is_freed_can_be_used_again()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/m", Octal("755"));
        _vfs.Mount("/m", new MemoryFileSystem("m", _budget, 64 << 10, inodeLimit: 10));

        await FailsAsync(Errno.ENOSPC, () => _vfs.WriteAsync("/m/big", new byte[65 << 10]));
        Assert.Equal(64 << 10, _vfs.Stat(s_root, "/m/big").Size);
        await _vfs.UnlinkAsync(s_root, "/m/big");
        await _vfs.WriteAsync("/m/big", new byte[64 << 10]);
        await _vfs.TruncateAsync(s_root, "/m/big", 4096);
        Assert.Equal(15, _vfs.GetStatistics(s_root, "/m").FreeBlocks);

        for (int i = 0; i < 8; i++)
        {
            await _vfs.LinkAsync(s_root, "/m/big", $"/m/l{i}");
        }

        await FailsAsync(Errno.ENOSPC, async () => await _vfs.MakeDirectoryAsync(s_root, "/m/d", Octal("755")));
        await FailsAsync(Errno.ENOSPC, async () => await _vfs.LinkAsync(s_root, "/m/big", "/m/more"));
        await _vfs.UnlinkAsync(s_root, "/m/l0");
        await _vfs.MakeDirectoryAsync(s_root, "/m/d", Octal("755"));
    }

    private sealed class CountingPersistence : IMountPersistence
    {
        public int Count { get; private set; }

        public Exception? Failure { get; init; }

        public TaskCompletionSource? Gate { get; init; }

        public async ValueTask CommitAsync(CancellationToken cancellationToken)
        {
            Count++;
            await (Gate?.Task ?? Task.CompletedTask);
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
