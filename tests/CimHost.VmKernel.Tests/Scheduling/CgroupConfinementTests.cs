using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>What is written to control groups, in a directory that stands in for the kernel's.</summary>
public sealed class CgroupConfinementTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cimhost-cgroup-").FullName;
    private readonly ResourceTree _tree = ResourceTree.CreateDefault(1_000, 1L << 30);

    private string Own => Path.Combine(_root, "sys/fs/cgroup/system.slice/cimhost.service");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_delegated_group_is_found_and_the_host_moves_into_a_leaf_of_it()
    {
        Delegate();
        ProcessConfinement confinement = ProcessConfinement.Detect(_root);

        Assert.Equal(ConfinementKind.CgroupV2, confinement.Kind);
        Assert.Contains(Own, confinement.Explanation, StringComparison.Ordinal);
        Assert.Equal($"{Environment.ProcessId}", Read("cimhost.host/cgroup.procs"));
        Assert.Equal("+cpu +memory +pids", Read("cgroup.subtree_control"));
        Assert.Equal("+cpu +memory +pids", Read("cimhost.worlds/cgroup.subtree_control"));
        Assert.Equal("5", Read("cimhost.worlds/cpu.weight"));
    }

    [Theory]
    [InlineData("9:name=systemd:/\n4:memory:/x\n", "cgroup2", "cpu memory pids", "no control groups of version 2")]
    [InlineData("0::/system.slice/cimhost.service\n", "cgroup", "cpu memory pids", "no control groups of version 2")]
    [InlineData("0::/system.slice/cimhost.service\n", "cgroup2", "cpu io", "not given the controllers memory, pids")]
    [InlineData("0::/../outside\n", "cgroup2", "cpu memory pids", "outside")]
    public void Without_a_usable_group_resource_limits_take_over_and_the_reason_is_told(string groups, string type, string controllers, string reason)
    {
        Delegate(groups, type, controllers);
        ProcessConfinement confinement = ProcessConfinement.Detect(_root);
        Assert.Equal(ConfinementKind.ResourceLimits, confinement.Kind);
        Assert.Contains(reason, confinement.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_with_processes_of_others_is_left_alone()
    {
        Delegate();
        Write("cgroup.procs", $"{Environment.ProcessId}\n1\n");
        ProcessConfinement confinement = ProcessConfinement.Detect(_root);
        Assert.Equal(ConfinementKind.ResourceLimits, confinement.Kind);
        Assert.Contains("holds other processes", confinement.Explanation, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Own, "cimhost.host")));
    }

    [Fact]
    public void Groups_and_worlds_become_nested_control_groups_with_their_values()
    {
        Delegate();
        ResourceShares shares = ResourceShares.OfGroup(ShareLevel.High, ResourceKind.Cpu);
        _tree.Configure("host/vim", ResourceKind.Cpu, new ResourceAllocation(shares, 0, 500));
        _tree.Configure("host/vim", ResourceKind.Memory, new ResourceAllocation(shares, 1 << 20, 64 << 20));
        ProcessConfinement confinement = ProcessConfinement.Detect(_root);
        using ConfinedWorld world = confinement.Confine(
            _tree.Get("host/vim/plugins"), 42, "hello", new ConfinementLimits { Cpu = 1_500, Memory = 32 << 20, Processes = 20, CpuShares = ResourceShares.OfWorld(ShareLevel.Low) });
        world.Attach(4711);

        const string Vim = "cimhost.worlds/group.vim/";
        Assert.Equal(("800", "50000 100000", "67108864", "1048576"), (Read(Vim + "cpu.weight"), Read(Vim + "cpu.max"), Read(Vim + "memory.max"), Read(Vim + "memory.min")));
        Assert.Equal("max 100000", Read(Vim + "group.plugins/cpu.max"));
        const string World = Vim + "group.plugins/world.42/";
        Assert.Equal(("50", "150000 100000", "33554432", "20", "4711"), (Read(World + "cpu.weight"), Read(World + "cpu.max"), Read(World + "memory.max"), Read(World + "pids.max"), Read(World + "cgroup.procs")));

        world.Change(new ConfinementLimits());
        Assert.Equal(("100", "max 100000", "max", "max"), (Read(World + "cpu.weight"), Read(World + "cpu.max"), Read(World + "memory.max"), Read(World + "pids.max")));
    }

    [Fact]
    public void Usage_is_read_from_the_control_group()
    {
        Delegate();
        ProcessConfinement confinement = ProcessConfinement.Detect(_root);
        using ConfinedWorld world = confinement.Confine(_tree.Get("host/user"), 7, "w", new ConfinementLimits { Memory = 8 << 20 });
        const string World = "cimhost.worlds/group.user/world.7/";
        Write(World + "cpu.stat", "usage_usec 2500000\nuser_usec 2000000\nnr_throttled 3\nthrottled_usec 700000\n");
        Write(World + "memory.current", "4096\n");
        Write(World + "memory.peak", "8192\n");

        WorldUsage usage = world.ReadUsage();
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(0.7)), (usage.Cpu, usage.Throttled));
        Assert.Equal((4096, 8192, 8 << 20), (usage.MemoryConsumed, usage.MemoryPeak, usage.MemoryLimit));
    }

    [Fact]
    public void A_world_that_ends_is_killed_as_a_whole_and_its_control_groups_go()
    {
        Delegate();
        ProcessConfinement confinement = ProcessConfinement.Detect(_root);
        ConfinedWorld world = confinement.Confine(_tree.Get("host/vim/plugins"), 7, "w", new ConfinementLimits());
        const string World = "cimhost.worlds/group.vim/group.plugins/world.7/";
        Write(World + "cgroup.kill", string.Empty);
        world.Kill();
        Assert.Equal("1", Read(World + "cgroup.kill"));

        // In the kernel's file system the files of a group go with its directory.
        foreach (string file in Directory.GetFiles(Path.Combine(Own, "cimhost.worlds"), "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        world.Dispose();
        Assert.False(Directory.Exists(Path.Combine(Own, "cimhost.worlds/group.vim")));
        Assert.True(Directory.Exists(Path.Combine(Own, "cimhost.worlds")));
        Assert.Equal(0, _tree.Get("host/vim/plugins").Worlds);
    }

    [Fact]
    public void What_a_killed_host_left_behind_is_cleared_away()
    {
        Delegate();
        string left = Path.Combine(Own, "cimhost.worlds/group.vim/world.9");
        Directory.CreateDirectory(left);
        ProcessConfinement.Detect(_root);
        Assert.False(Directory.Exists(Path.Combine(Own, "cimhost.worlds/group.vim")));
    }

    private void Delegate(string groups = "0::/system.slice/cimhost.service\n", string type = "cgroup2", string controllers = "cpuset cpu io memory pids")
    {
        Directory.CreateDirectory(Own);
        Directory.CreateDirectory(Path.Combine(_root, "proc/self"));
        File.WriteAllText(Path.Combine(_root, "proc/self/cgroup"), groups);
        File.WriteAllText(Path.Combine(_root, "proc/self/mounts"), $"proc /proc proc rw 0 0\n{type} /sys/fs/cgroup {type} rw,nosuid 0 0\n");
        Write("cgroup.controllers", controllers + "\n");
        Write("cgroup.type", "domain\n");
        Write("cgroup.procs", $"{Environment.ProcessId}\n");
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(Own, file)).Trim();

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(Own, file), content);
}
