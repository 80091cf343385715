using System.Collections.Concurrent;
using System.Text;
using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.Boot.State;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public sealed class StateStoreTests : IDisposable
{
    private readonly string _bank = Directory.CreateTempSubdirectory("cimhost-state-").FullName;
    private readonly ConcurrentDictionary<string, string> _files = new();

    private string Current => Path.Combine(_bank, "state.tgz");

    private string Previous => Path.Combine(_bank, "state.tgz.1");

    public void Dispose() => Directory.Delete(_bank, recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_at_the_next_boot()
    {
        await using (StateStore store = Open())
        {
            LoadedState nothing = store.Load();
            Assert.Equal((0, StateSource.None, null, false), (nothing.Entries.Count, nothing.Source, nothing.Warning, nothing.IsLost));
            _files["etc/hosts"] = "localhost";
            await store.CommitAsync();
            Assert.Equal("localhost", Load(StateSource.Current)["etc/hosts"]);
        }

        Assert.Null(Open().Load().Warning);
    }

    [Fact]
    public void The_state_holds_local_tgz_as_on_ESXi()
    {
        using MemoryStream state = StateArchive.Write([new("etc", ArchiveEntryType.Directory, 493, 0, 0, DateTimeOffset.UnixEpoch)]);
        ArchiveEntry local = Assert.Single(ArchiveCodec.Read(state, ArchiveLimits.Module));
        Assert.Equal("local.tgz", local.Path);
        Assert.Equal("etc", Assert.Single(ArchiveCodec.Read(new MemoryStream(local.Content.ToArray()), ArchiveLimits.State)).Path);
    }

    [Fact]
    public async Task A_truncated_or_damaged_state_falls_back_to_the_previous_and_says_so()
    {
        await CommitTwiceAsync();
        byte[] whole = File.ReadAllBytes(Current);
        for (int length = 0; length < whole.Length; length += 1 + (whole.Length / 64))
        {
            File.WriteAllBytes(Current, whole[..length]);
            LoadedState loaded = Open().Load();
            Assert.Equal((StateSource.Previous, "first"), (loaded.Source, Text(loaded)["etc/hosts"]));
            Assert.Contains(Current, loaded.Warning, StringComparison.Ordinal);
            Assert.Contains(Previous, loaded.Warning, StringComparison.Ordinal);
        }

        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= 0x10;
        File.WriteAllBytes(Current, damaged);
        Assert.Equal("first", Load(StateSource.Previous)["etc/hosts"]);
        File.Delete(Current);
        Assert.Equal("first", Load(StateSource.Previous)["etc/hosts"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_damaged_state_never_takes_the_place_of_the_previous_one(bool load)
    {
        await CommitTwiceAsync();
        File.WriteAllBytes(Current, [1, 2, 3]);
        StateStore store = Open();
        if (load)
        {
            store.Load();
        }

        _files["etc/hosts"] = "third";
        await store.CommitAsync();
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(_bank, "state.tgz.damaged")));
        Assert.Equal("third", Load(StateSource.Current)["etc/hosts"]);
        File.Delete(Current);
        Assert.Equal("first", Load(StateSource.Previous)["etc/hosts"]);
    }

    [Fact]
    public async Task When_nothing_can_be_read_the_configuration_is_said_to_be_lost()
    {
        await CommitTwiceAsync();
        File.WriteAllBytes(Current, []);
        File.WriteAllBytes(Previous, [0x1F, 0x8B]);
        LoadedState loaded = Open().Load();
        Assert.True(loaded.IsLost);
        Assert.Empty(loaded.Entries);
        Assert.Contains(Previous, loaded.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_break_between_the_two_renames_leaves_the_state_and_the_next_commits_work()
    {
        await CommitTwiceAsync();
        File.Delete(Previous);
        Assert.Equal(0, Link(Current, Previous));
        File.WriteAllText(Current + ".new", "half");
        File.WriteAllText(Previous + ".new", "half");
        Assert.Equal("second", Load(StateSource.Current)["etc/hosts"]);
        await using StateStore store = Open();
        store.Load();
        _files["etc/hosts"] = "third";
        await store.CommitAsync();
        Assert.Equal("third", Load(StateSource.Current)["etc/hosts"]);
        File.Delete(Current);
        Assert.Equal("second", Load(StateSource.Previous)["etc/hosts"]);
    }

    [Fact]
    public async Task Commits_that_come_while_one_is_written_share_the_next_and_each_is_on_disk_when_it_returns()
    {
        using var entered = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var store = new StateStore(_bank, () =>
        {
            ArchiveEntry[] taken = Snapshot();
            entered.Release();
            go.Wait();
            return taken;
        }, TimeProvider.System, NullLogger.Instance);
        Task first = store.CommitAsync();
        await entered.WaitAsync();
        Task[] others = [.. Enumerable.Range(0, 50).Select(i =>
        {
            _files[$"etc/{i}"] = "x";
            return store.CommitAsync();
        })];
        Assert.All(others, task => Assert.False(task.IsCompleted));
        go.Release(2);
        await first;
        await Task.WhenAll(others);
        Assert.Equal(50, Load(StateSource.Current).Count(file => file.Value == "x"));
        Assert.Equal((51, 2), (store.Commits, store.Writes));
        go.Release();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_that_fails_says_so_and_leaves_what_was_saved()
    {
        await CommitTwiceAsync();
        bool broken = true;
        var store = new StateStore(_bank, () => broken ? throw new IOException("no") : Snapshot(), TimeProvider.System, NullLogger.Instance);
        await Assert.ThrowsAsync<IOException>(() => store.CommitAsync());
        Assert.Equal("second", Load(StateSource.Current)["etc/hosts"]);
        broken = false;
        _files["../evil"] = "x";
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => store.CommitAsync());
        Assert.Contains("../evil", e.Message, StringComparison.Ordinal);
        _files.TryRemove("../evil", out _);
        _files["etc/hosts"] = "third";
        await store.CommitAsync();
        Assert.Equal("third", Load(StateSource.Current)["etc/hosts"]);
        await store.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => { _ = store.CommitAsync(); });
    }

    [Fact]
    public async Task A_state_that_has_not_changed_is_not_written_again_unless_its_file_is_gone()
    {
        await using StateStore store = Open();
        _files["etc/hosts"] = "x";
        await store.CommitAsync();
        await store.CommitAsync();
        Assert.Equal(1, store.Writes);
        File.Delete(Current);
        await store.CommitAsync();
        Assert.Equal("x", Load(StateSource.Current)["etc/hosts"]);
    }

    [Fact]
    public async Task It_is_saved_at_the_beginning_of_each_hour_and_at_shutdown()
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromMinutes(25));
        using var saved = new SemaphoreSlim(0);
        int snapshots = 0;
        var store = new StateStore(_bank, () =>
        {
            Interlocked.Increment(ref snapshots);
            saved.Release();
            return Snapshot();
        }, time, NullLogger.Instance);
        store.StartHourlySave();
        time.Advance(TimeSpan.FromMinutes(34));
        Assert.Equal(0, snapshots);
        for (int hour = 1; hour <= 3; hour++)
        {
            await WaitForTimerAsync(time);
            time.Advance(hour == 1 ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1));
            await saved.WaitAsync();
            Assert.Equal(hour, snapshots);
        }

        _files["etc/hosts"] = "at shutdown";
        await store.DisposeAsync();
        Assert.Equal("at shutdown", Load(StateSource.Current)["etc/hosts"]);
    }

    [Fact]
    public async Task The_files_are_for_their_owner_only_as_they_hold_password_hashes()
    {
        await CommitTwiceAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Current));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Previous));
        }
    }

    [Fact]
    public void More_than_a_state_may_hold_is_refused_with_the_file_named()
    {
        ArchiveEntry big = new("etc/big", ArchiveEntryType.RegularFile, 420, 0, 0, DateTimeOffset.UnixEpoch) { Content = new byte[(32 << 20) + 1] };
        Assert.Contains("etc/big", Assert.Throws<InvalidDataException>(() => StateArchive.Write([big])).Message, StringComparison.Ordinal);
    }

    private static async Task WaitForTimerAsync(ManualTime time)
    {
        while (time.Waiting == 0)
        {
            await Task.Delay(1);
        }
    }

    private async Task CommitTwiceAsync()
    {
        await using StateStore store = Open();
        foreach (string text in new[] { "first", "second" })
        {
            _files["etc/hosts"] = text;
            await store.CommitAsync();
        }
    }

    private StateStore Open() => new(_bank, Snapshot, TimeProvider.System, NullLogger.Instance);

    private ArchiveEntry[] Snapshot() =>
    [
        new("etc", ArchiveEntryType.Directory, 493, 0, 0, DateTimeOffset.UnixEpoch),
        .. _files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new ArchiveEntry(file.Key, ArchiveEntryType.RegularFile, 384, 0, 0, DateTimeOffset.UnixEpoch)
        {
            Content = Encoding.UTF8.GetBytes(file.Value),
        }),
    ];

    private Dictionary<string, string> Load(StateSource expected)
    {
        LoadedState loaded = Open().Load();
        Assert.Equal(expected, loaded.Source);
        return Text(loaded);
    }

    private static Dictionary<string, string> Text(LoadedState state) =>
        state.Entries.Where(entry => entry.Type == ArchiveEntryType.RegularFile).ToDictionary(entry => entry.Path, entry => Encoding.UTF8.GetString(entry.Content.Span));

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "link")]
    private static extern int Link([System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string existing, [System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string created);
}
