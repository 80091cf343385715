using CimHost.VmKernel.Scheduling.Resources;
using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>Admission control and memory accounting of the resource groups.</summary>
public sealed class ResourceTreeTests
{
    private const long Megabyte = 1 << 20;
    private readonly ResourceTree _tree = ResourceTree.CreateDefault(2_000, 1_000 * Megabyte);

    [Fact]
    public void The_default_tree_has_the_groups_of_the_host() => Assert.Equal(
        ["host", "host/iofilters", "host/system", "host/user", "host/vim", "host/vim/plugins"], _tree.Groups.Select(g => g.Path));

    [Fact]
    public void A_reservation_must_fit_a_parent_that_is_not_expandable()
    {
        _tree.Configure("host/vim", ResourceKind.Cpu, Cpu(1_000, expandable: false));
        _tree.Create("host/vim/plugins/first", Cpu(700));

        KernelException e = Assert.Throws<KernelException>(() => _tree.Create("host/vim/plugins/second", Cpu(400)));

        Assert.Equal(Errno.EAGAIN, e.Errno);
        Assert.Contains("host/vim/plugins/second asks to reserve 400 millicores", e.Message, StringComparison.Ordinal);
        Assert.Contains("host/vim has 300 millicores left", e.Message, StringComparison.Ordinal);
        Assert.Null(_tree.Find("host/vim/plugins/second"));
        Assert.Equal(300, _tree.Unreserved("host/vim/plugins", ResourceKind.Cpu));
    }

    [Fact]
    public void An_expandable_parent_takes_what_is_missing_from_its_own_parent()
    {
        _tree.Configure("host/vim", ResourceKind.Cpu, Cpu(500));
        _tree.Create("host/vim/plugins/first", Cpu(1_500));

        Assert.Equal(500, _tree.Unreserved("host/user", ResourceKind.Cpu));
        Assert.Equal(Errno.EAGAIN, Assert.Throws<KernelException>(() => _tree.Create("host/user/second", Cpu(501))).Errno);
        _tree.Create("host/user/second", Cpu(500));
        Assert.Equal(0, _tree.Unreserved("host/user", ResourceKind.Cpu));
    }

    [Fact]
    public void An_expandable_parent_does_not_climb_above_its_limit()
    {
        _tree.Configure("host/vim", ResourceKind.Cpu, new ResourceAllocation(ResourceShares.OfGroup(ShareLevel.Normal, ResourceKind.Cpu), 100, 600));

        KernelException e = Assert.Throws<KernelException>(() => _tree.Create("host/vim/x", Cpu(601)));
        Assert.Contains("host/vim has 600 millicores left to give it below its limit", e.Message, StringComparison.Ordinal);
        _tree.Create("host/vim/x", Cpu(600));
    }

    [Fact]
    public void A_group_cannot_be_left_with_less_than_its_children_reserved()
    {
        _tree.Create("host/vim/x", Cpu(800));

        KernelException e = Assert.Throws<KernelException>(() => _tree.Configure("host/vim", ResourceKind.Cpu, Cpu(700, expandable: false)));

        Assert.Equal(Errno.EAGAIN, e.Errno);
        Assert.Contains("800 millicores", e.Message, StringComparison.Ordinal);
        Assert.True(_tree.Get("host/vim").Cpu.IsExpandable);
        _tree.Configure("host/vim", ResourceKind.Cpu, Cpu(800, expandable: false));
    }

    [Fact]
    public void A_group_that_is_removed_gives_its_reservation_back()
    {
        _tree.Create("host/user/x", Cpu(2_000), Memory(1_000 * Megabyte));
        Assert.Equal(Errno.ENOMEM, Assert.Throws<KernelException>(() => _tree.Create("host/user/y", null, Memory(1))).Errno);

        _tree.Remove("host/user/x");

        _tree.Create("host/user/y", Cpu(2_000), Memory(1_000 * Megabyte));
    }

    [Fact]
    public void Groups_with_children_or_worlds_and_the_root_cannot_be_removed()
    {
        using var account = new MemoryAccount(_tree.Get("host/user"), 7, "shell");

        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _tree.Remove("host/vim")).Errno);
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _tree.Remove("host/user")).Errno);
        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(() => _tree.Remove("host")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => _tree.Remove("host/none")).Errno);
        account.Dispose();
        _tree.Remove("host/user");
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => new MemoryAccount(account.Group, 8, "late")).Errno);
    }

    [Theory]
    [InlineData("host", Errno.EINVAL)]
    [InlineData("host/", Errno.EINVAL)]
    [InlineData("host/..", Errno.EINVAL)]
    [InlineData("host/a b", Errno.EINVAL)]
    [InlineData("host/1/2/3/4/5/6/7/8", Errno.EINVAL)]
    [InlineData("host/none/x", Errno.ENOENT)]
    [InlineData("guest/x", Errno.ENOENT)]
    [InlineData("host/vim", Errno.EEXIST)]
    public void A_path_that_cannot_be_created_says_why(string path, Errno errno) =>
        Assert.Equal(errno, Assert.Throws<KernelException>(() => _tree.Create(path)).Errno);

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(200, 100)]
    [InlineData(0, 0)]
    [InlineData(0, long.MaxValue - 1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Values_that_contradict_each_other_are_EINVAL(long reservation, long limit) => Assert.Equal(
        Errno.EINVAL,
        Assert.Throws<KernelException>(() => _tree.Create("host/x", new ResourceAllocation(ResourceShares.Custom(5), reservation, limit))).Errno);

    [Fact]
    public void Memory_is_counted_up_to_the_root_and_given_back_when_the_world_ends()
    {
        var account = new MemoryAccount(_tree.Get("host/vim/plugins"), 12, "hello");
        account.Charge(30 * Megabyte);
        account.Charge(20 * Megabyte);
        account.Uncharge(40 * Megabyte);

        Assert.Equal((10 * Megabyte, 50 * Megabyte), (account.Consumed, account.Peak));
        Assert.Equal((10 * Megabyte, 50 * Megabyte), (_tree.Root.MemoryConsumed, _tree.Get("host/vim").MemoryPeak));

        account.Dispose();
        Assert.Equal(0, _tree.Root.MemoryConsumed);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => account.Charge(1)).Errno);
    }

    [Fact]
    public void A_memory_limit_of_a_group_or_of_a_world_is_ENOMEM_and_charges_nothing()
    {
        _tree.Configure("host/vim", ResourceKind.Memory, new ResourceAllocation(ResourceShares.Custom(1), 0, 100));
        using var first = new MemoryAccount(_tree.Get("host/vim/plugins"), 1, "first", limit: 70);
        using var second = new MemoryAccount(_tree.Get("host/vim"), 2, "second");
        first.Charge(70);

        KernelException own = Assert.Throws<KernelException>(() => first.Charge(1));
        KernelException group = Assert.Throws<KernelException>(() => second.Charge(31));

        Assert.Equal((Errno.ENOMEM, Errno.ENOMEM), (own.Errno, group.Errno));
        Assert.Contains("world 2 (second) in host/vim asks for 31 bytes of memory; host/vim has 30 of 100 bytes left", group.Message, StringComparison.Ordinal);
        Assert.Equal(70, _tree.Root.MemoryConsumed);
        second.Charge(30);
    }

    [Fact]
    public void Reserved_memory_stays_available_while_others_fill_the_host()
    {
        _tree.Create("host/vim/plugins/safe", null, Memory(400 * Megabyte));
        using var greedy = new MemoryAccount(_tree.Get("host/user"), 1, "greedy");
        using var safe = new MemoryAccount(_tree.Get("host/vim/plugins/safe"), 2, "safe");

        greedy.Charge(600 * Megabyte);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<KernelException>(() => greedy.Charge(1)).Errno);
        safe.Charge(400 * Megabyte);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<KernelException>(() => safe.Charge(1)).Errno);

        greedy.Uncharge(100);
        safe.Charge(100);
    }

    [Fact]
    public void Memory_in_use_cannot_be_reserved_for_another_group()
    {
        using var greedy = new MemoryAccount(_tree.Get("host/user"), 1, "greedy");
        greedy.Charge(900 * Megabyte);

        KernelException e = Assert.Throws<KernelException>(() => _tree.Create("host/vim/x", null, Memory(200 * Megabyte)));

        Assert.Equal(Errno.ENOMEM, e.Errno);
        Assert.Null(_tree.Find("host/vim/x"));
        Assert.Empty(_tree.Get("host/vim/plugins").Children);
    }

    [Fact]
    public void Accounts_charged_from_many_threads_balance()
    {
        using var account = new MemoryAccount(_tree.Get("host/vim/plugins"), 1, "busy");
        Parallel.For(0, 8, _ =>
        {
            for (int i = 1; i <= 2_000; i++)
            {
                account.Charge(i);
                account.Uncharge(i);
            }
        });
        Assert.Equal((0, 0), (account.Consumed, _tree.Root.MemoryConsumed));
    }

    private static ResourceAllocation Cpu(long reservation, bool expandable = true) =>
        new(ResourceShares.OfGroup(ShareLevel.Normal, ResourceKind.Cpu), reservation, IsExpandable: expandable);

    private static ResourceAllocation Memory(long reservation) =>
        new(ResourceShares.OfGroup(ShareLevel.Normal, ResourceKind.Memory), reservation);
}
