using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Sockets;
using CimHost.VmKernel.Tests.Signals;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.SystemCalls;

public sealed class SystemCallTests
{
    [Theory]
    [InlineData("fork")]
    [InlineData("mmap")]
    [InlineData("ptrace")]
    [InlineData("")]
    public async Task A_call_that_the_kernel_does_not_have_is_ENOSYS_by_name(string name)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k => await Fails.WithAsync(Errno.ENOSYS, () => k.CallAsync(name)));
    }

    [Fact]
    public async Task A_call_by_name_does_what_the_call_does()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            Assert.Equal(await k.GetpidAsync(), await k.CallAsync("getpid"));
            Assert.Equal(0x12, await k.CallAsync("umask", 0x3F));
            Assert.Equal(0x3F, await k.CallAsync("umask", 0x12));
            await Fails.WithAsync(Errno.EINVAL, () => k.CallAsync("getpid", 1));
            await Fails.WithAsync(Errno.EINVAL, () => k.CallAsync("open", 1));
            await Fails.WithAsync(Errno.EINVAL, () => k.CallAsync("umask", long.MaxValue));
        });
    }

    [Fact]
    public async Task The_lowest_free_descriptor_is_given_and_beyond_the_limit_EMFILE()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            Assert.Equal(new DescriptorPair(0, 1), await k.PipeAsync());
            Assert.Equal(2, await k.DupAsync(0));
            await k.CloseAsync(1);
            Assert.Equal(1, await k.OpenAsync("/tmp/f", OpenFlags.O_CREAT | OpenFlags.O_RDWR, 0x1FF));
            await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_NOFILE, new ResourceLimit(4, 4));
            Assert.Equal(3, await k.DupAsync(1));
            await Fails.WithAsync(Errno.EMFILE, () => k.DupAsync(1));
            await Fails.WithAsync(Errno.EMFILE, () => k.OpenAsync("/tmp/f", OpenFlags.O_RDONLY));
            await Fails.WithAsync(Errno.EMFILE, () => k.PipeAsync());
            await Fails.WithAsync(Errno.EBADF, () => k.Dup2Async(1, 4));
            await Fails.WithAsync(Errno.EINVAL, () => k.FcntlAsync(1, FcntlCommand.F_DUPFD, 4));
            Assert.Equal(3, await k.Dup2Async(1, 3));
        });
    }

    [Fact]
    public async Task A_pipe_without_room_for_its_second_end_leaves_none_open()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_NOFILE, new ResourceLimit(1, 1));
            await Fails.WithAsync(Errno.EMFILE, () => k.PipeAsync());
            Assert.Equal(0, kernel.Table.Find(await k.GetpidAsync())!.OpenFileCount);
        });
    }

    [Fact]
    public async Task Close_on_exec_and_status_flags_are_changed_by_fcntl()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            DescriptorPair pipe = await k.PipeAsync(OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK);
            Assert.Equal(1, await k.FcntlAsync(pipe.Read, FcntlCommand.F_GETFD));
            int copy = await k.FcntlAsync(pipe.Read, FcntlCommand.F_DUPFD, 10);
            Assert.Equal((10, 0), (copy, await k.FcntlAsync(copy, FcntlCommand.F_GETFD)));
            Assert.Equal(1, await k.FcntlAsync(await k.FcntlAsync(copy, FcntlCommand.F_DUPFD_CLOEXEC), FcntlCommand.F_GETFD));
            Assert.Equal((int)OpenFlags.O_NONBLOCK, await k.FcntlAsync(copy, FcntlCommand.F_GETFL));
            await k.FcntlAsync(copy, FcntlCommand.F_SETFL, (int)OpenFlags.O_RDWR);
            Assert.Equal(0, await k.FcntlAsync(pipe.Read, FcntlCommand.F_GETFL));
            await Fails.WithAsync(Errno.EINVAL, () => k.FcntlAsync(copy, (FcntlCommand)99));
        });
    }

    [Fact]
    public async Task Poll_waits_for_a_pipe_and_tells_hang_up_error_and_bad_descriptors()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            DescriptorPair pipe = await k.PipeAsync();
            PollRequest readable = new(pipe.Read, PollEvents.POLLIN);
            Assert.Equal([PollEvents.None], await k.PollAsync([readable], TimeSpan.Zero));
            Assert.Equal([PollEvents.None], await k.PollAsync([readable], TimeSpan.FromMilliseconds(5)));
            int writer = await k.ThreadCreateAsync(async t => await t.WriteAsync(pipe.Write, new byte[1]));
            Assert.Equal([PollEvents.POLLIN], await k.PollAsync([readable], null));
            await k.ThreadJoinAsync(writer);
            Assert.Equal(
                [PollEvents.POLLNVAL, PollEvents.None, PollEvents.POLLOUT],
                await k.PollAsync([new(99, PollEvents.POLLIN), new(-1, PollEvents.POLLIN), new(pipe.Write, PollEvents.POLLOUT)], null));
            await k.CloseAsync(pipe.Write);
            Assert.Equal([PollEvents.POLLIN | PollEvents.POLLHUP], await k.PollAsync([readable], null));
            DescriptorPair other = await k.PipeAsync();
            await k.CloseAsync(other.Read);
            Assert.Equal([PollEvents.POLLOUT | PollEvents.POLLERR], await k.PollAsync([new(other.Write, PollEvents.POLLOUT)], null));
            await Fails.WithAsync(Errno.EINVAL, () => k.PollAsync([readable], TimeSpan.FromSeconds(-1)));
        });
    }

    [Fact]
    public async Task Sockets_connect_send_both_ways_and_end()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int listener = await k.SocketAsync(SocketDomain.AF_INET);
            await k.BindAsync(listener, LoopbackAddress.Loopback(0));
            LoopbackAddress address = await k.GetsocknameAsync(listener);
            Assert.InRange(address.Port, 49152, 65535);
            await k.ListenAsync(listener, 1);
            int client = await k.SocketAsync(SocketDomain.AF_INET);
            await k.ConnectAsync(client, address);
            Assert.Equal([PollEvents.POLLIN], await k.PollAsync([new(listener, PollEvents.POLLIN)], null));
            int server = await k.AcceptAsync(listener);
            Assert.Equal(address, await k.GetpeernameAsync(client));
            Assert.Equal(address, await k.GetsocknameAsync(server));
            await k.SendAsync(client, new byte[] { 1, 2 });
            await k.WriteAsync(server, new byte[] { 3 });
            var buffer = new byte[8];
            Assert.Equal(2, await k.RecvAsync(server, buffer));
            Assert.Equal(1, await k.ReadAsync(client, buffer));
            await Fails.WithAsync(Errno.EAGAIN, () => k.RecvAsync(client, buffer, MessageFlags.MSG_DONTWAIT));
            await k.ShutdownAsync(client, ShutdownHow.SHUT_WR);
            Assert.Equal(0, await k.RecvAsync(server, buffer));
            await Fails.WithAsync(Errno.EPIPE, () => k.SendAsync(client, buffer, MessageFlags.MSG_NOSIGNAL));
            await k.CloseAsync(client);
            await Fails.WithAsync(Errno.EPIPE, () => k.SendAsync(server, buffer, MessageFlags.MSG_NOSIGNAL));
        });
    }

    [Fact]
    public async Task Sockets_fail_as_POSIX_says()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(
            async k =>
            {
                LoopbackAddress name = LoopbackAddress.Unix("a");
                int one = await k.SocketAsync(SocketDomain.AF_UNIX);
                int two = await k.SocketAsync(SocketDomain.AF_UNIX);
                DescriptorPair pipe = await k.PipeAsync();
                await Fails.WithAsync(Errno.EAFNOSUPPORT, () => k.SocketAsync((SocketDomain)99));
                await Fails.WithAsync(Errno.EAFNOSUPPORT, () => k.ConnectAsync(one, LoopbackAddress.Loopback(5000)));
                await Fails.WithAsync(Errno.ENOTSOCK, () => k.ListenAsync(pipe.Read, 1));
                await Fails.WithAsync(Errno.EBADF, () => k.ListenAsync(77, 1));
                await Fails.WithAsync(Errno.ECONNREFUSED, () => k.ConnectAsync(two, name));
                await Fails.WithAsync(Errno.EINVAL, () => k.BindAsync(one, LoopbackAddress.Unix(string.Empty)));
                await Fails.WithAsync(Errno.EINVAL, () => k.AcceptAsync(one));
                await Fails.WithAsync(Errno.ENOTCONN, () => k.SendAsync(one, new byte[1]));
                await Fails.WithAsync(Errno.ENOTCONN, () => k.GetpeernameAsync(one));
                await Fails.WithAsync(Errno.ENOTCONN, () => k.ShutdownAsync(one, ShutdownHow.SHUT_RDWR));
                await k.BindAsync(one, name);
                await Fails.WithAsync(Errno.EADDRINUSE, () => k.BindAsync(two, name));
                await Fails.WithAsync(Errno.ECONNREFUSED, () => k.ConnectAsync(two, name));
                await k.ListenAsync(one, 1);
                await k.ConnectAsync(two, name);
                await Fails.WithAsync(Errno.EISCONN, () => k.ConnectAsync(two, name));
                await Fails.WithAsync(Errno.ECONNREFUSED, async () => await k.ConnectAsync(await k.SocketAsync(SocketDomain.AF_UNIX), name));
                await Fails.WithAsync(Errno.EACCES, async () => await k.BindAsync(await k.SocketAsync(SocketDomain.AF_INET), LoopbackAddress.Loopback(80)));
                await k.CloseAsync(one);
                Assert.Equal(0, await k.RecvAsync(two, new byte[1]));
                await k.BindAsync(await k.SocketAsync(SocketDomain.AF_UNIX), name);
            },
            new Credentials(100, 100, []));
    }

    [Fact]
    public async Task A_signal_interrupts_accept_and_poll_with_EINTR()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.SigactionAsync(Signal.SIGALRM, SignalAction.Handle(static (_, _) => default));
            int listener = await k.SocketAsync(SocketDomain.AF_UNIX);
            await k.BindAsync(listener, LoopbackAddress.Unix("b"));
            await k.ListenAsync(listener, 1);
            await k.AlarmAsync(1);
            await Fails.WithAsync(Errno.EINTR, () => k.AcceptAsync(listener));
            await k.AlarmAsync(1);
            await Fails.WithAsync(Errno.EINTR, () => k.PollAsync([new(listener, PollEvents.POLLIN)], null));
        });
    }

    [Fact]
    public async Task The_ids_of_a_world_change_as_setuid_and_seteuid_allow()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.SetgroupsAsync([3, 4]);
            await k.SetegidAsync(50);
            await k.SeteuidAsync(100);
            Assert.Equal((0, 100, 0, 50), (await k.GetuidAsync(), await k.GeteuidAsync(), await k.GetgidAsync(), await k.GetegidAsync()));
            await Fails.WithAsync(Errno.EPERM, () => k.SetgroupsAsync([]));
            await Fails.WithAsync(Errno.EPERM, () => k.SeteuidAsync(101));
            await k.SeteuidAsync(0);
            await k.SetgidAsync(60);
            await k.SetuidAsync(100);
            await Fails.WithAsync(Errno.EPERM, () => k.SetuidAsync(0));
            await Fails.WithAsync(Errno.EPERM, () => k.SeteuidAsync(0));
            await Fails.WithAsync(Errno.EPERM, () => k.SetgidAsync(0));
            await Fails.WithAsync(Errno.EINVAL, () => k.SetuidAsync(-1));
            Assert.Equal([3, 4], await k.GetgroupsAsync());
        });
    }

    [Fact]
    public async Task Process_groups_are_joined_and_made()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int self = await k.GetpidAsync();
            int old = await k.GetpgidAsync(self);
            await k.SetpgidAsync(0, 0);
            Assert.Equal(self, await k.GetpgidAsync(0));
            await k.SetpgidAsync(self, old);
            Assert.Equal(old, await k.GetpgidAsync(0));
            await Fails.WithAsync(Errno.EPERM, () => k.SetpgidAsync(0, 99999));
            await Fails.WithAsync(Errno.EINVAL, () => k.SetpgidAsync(0, -1));
            await Fails.WithAsync(Errno.ESRCH, () => k.SetpgidAsync(1, 0));
            await Fails.WithAsync(Errno.ESRCH, () => k.GetpgidAsync(99999));
            int child = await SignalTests.SpawnWaiterAsync(kernel, k);
            await Fails.WithAsync(Errno.EACCES, () => k.SetpgidAsync(child, child));
            await k.KillAsync(child, Signal.SIGKILL);
            await k.WaitpidAsync(child);
        });
    }

    [Fact]
    public async Task File_calls_reach_the_file_system_with_directory_and_mask()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.ChdirAsync("/tmp");
            int file = await k.OpenAsync("f", OpenFlags.O_CREAT | OpenFlags.O_RDWR, 0x1FF);
            Assert.Equal(0x81ED, (await k.FstatAsync(file)).Mode);
            Assert.Equal(3, await k.PwriteAsync(file, "abc"u8.ToArray(), 2));
            Assert.Equal(5, (await k.StatAsync("/tmp/f")).Size);
            var buffer = new byte[8];
            Assert.Equal(1, await k.PreadAsync(file, buffer, 4));
            await k.FtruncateAsync(file, 1);
            await k.TruncateAsync("f", 2);
            Assert.Equal(2, await k.LseekAsync(file, 0, SeekOrigin.End));
            await Fails.WithAsync(Errno.EINVAL, () => k.LseekAsync(file, 0, (SeekOrigin)9));
            await Fails.WithAsync(Errno.EINVAL, () => k.PreadAsync(file, buffer, -1));
            await k.FsyncAsync(file);
            await k.MkdirAsync("d", 0x1FF);
            await Fails.WithAsync(Errno.EEXIST, () => k.MkdirAsync("/tmp/d", 0x1FF));
            await k.RmdirAsync("d");
            await k.SymlinkAsync("f", "s");
            Assert.Equal("f", await k.ReadlinkAsync("s"));
            await k.LinkAsync("f", "g");
            await k.RenameAsync("g", "h");
            await k.ChmodAsync("h", 0x180);
            await k.ChownAsync("h", 5, 6);
            await k.UtimensAsync("h", new FileTime(7), new FileTime(8));
            Stat stat = await k.LstatAsync("h");
            Assert.Equal((0x8180, 5, 6, 7L, 8L), (stat.Mode, stat.UserId, stat.GroupId, stat.AccessTime, stat.ModificationTime));
            await Fails.WithAsync(Errno.EACCES, () => k.AccessAsync("h", AccessMode.X_OK));
            await Fails.WithAsync(Errno.EINVAL, () => k.AccessAsync("h", (AccessMode)8));
            await k.UnlinkAsync("h");
            await Fails.WithAsync(Errno.ENOENT, () => k.UnlinkAsync("h"));
            await Fails.WithAsync(Errno.ENOTDIR, () => k.ChdirAsync("f"));
            int directory = await k.OpenAsync("/", OpenFlags.O_RDONLY);
            IReadOnlyList<Dirent> first = await k.ReaddirAsync(directory, 0, 2);
            Assert.Equal(2, first.Count);
            Assert.NotEqual(first[1].Name, (await k.ReaddirAsync(directory, first[1].Position, 1))[0].Name);
            Assert.Equal("/tmp", await k.GetcwdAsync());
        });
    }

    [Fact]
    public async Task Pipes_and_sockets_have_a_type_and_no_position()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            DescriptorPair pipe = await k.PipeAsync();
            await Fails.WithAsync(Errno.ESPIPE, () => k.LseekAsync(pipe.Read, 0, SeekOrigin.Begin));
            await Fails.WithAsync(Errno.ESPIPE, () => k.PreadAsync(pipe.Read, new byte[1], 0));
            await Fails.WithAsync(Errno.EINVAL, () => k.FtruncateAsync(pipe.Write, 0));
            await Fails.WithAsync(Errno.EINVAL, () => k.FsyncAsync(pipe.Write));
            await Fails.WithAsync(Errno.ENOTDIR, () => k.ReaddirAsync(pipe.Read, 0, 1));
            Assert.Equal(Stat.Fifo, (await k.FstatAsync(pipe.Read)).Mode & Stat.TypeMask);
            Assert.Equal(Stat.Socket, (await k.FstatAsync(await k.SocketAsync(SocketDomain.AF_UNIX))).Mode & Stat.TypeMask);
        });
    }

    [Fact]
    public async Task Clocks_go_forward_and_an_unknown_one_is_EINVAL()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            long before = await k.ClockGettimeAsync(ClockId.CLOCK_MONOTONIC);
            await k.NanosleepAsync(TimeSpan.FromMilliseconds(2));
            Assert.True(await k.ClockGettimeAsync(ClockId.CLOCK_MONOTONIC) - before >= 2_000_000);
            Assert.True(await k.ClockGettimeAsync(ClockId.CLOCK_REALTIME) > 1_700_000_000_000_000_000);
            await Fails.WithAsync(Errno.EINVAL, () => k.ClockGettimeAsync((ClockId)77));
            await Fails.WithAsync(Errno.EINVAL, () => k.NanosleepAsync(TimeSpan.FromTicks(-1)));
        });
    }
}
