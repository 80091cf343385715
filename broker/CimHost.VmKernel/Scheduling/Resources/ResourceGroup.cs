namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// A node of the tree of resource groups. Its children and worlds share by their weights what it is given. Changed through
/// <see cref="ResourceTree"/> only.
/// </summary>
public sealed class ResourceGroup
{
    private readonly List<ResourceGroup> _children = [];
    private volatile ResourceAllocation _cpu;
    private volatile ResourceAllocation _memory;
    private int _members;

    internal ResourceGroup(ResourceTree tree, ResourceGroup? parent, string name, ResourceAllocation cpu, ResourceAllocation memory)
    {
        (Tree, Parent, Name, _cpu, _memory) = (tree, parent, name, cpu, memory);
        Path = parent is null ? name : $"{parent.Path}/{name}";
    }

    /// <summary>Last name of the path.</summary>
    public string Name { get; }

    /// <summary>Path from the root: "host/vim/plugins".</summary>
    public string Path { get; }

    /// <summary>Group above; null for the root.</summary>
    public ResourceGroup? Parent { get; }

    /// <summary>Processor time, in millicores.</summary>
    public ResourceAllocation Cpu => _cpu;

    /// <summary>Memory, in bytes.</summary>
    public ResourceAllocation Memory => _memory;

    /// <summary>Memory charged by the worlds of this group and of those below, in bytes.</summary>
    public long MemoryConsumed => Interlocked.Read(ref MemoryConsumedField);

    /// <summary>Most that <see cref="MemoryConsumed"/> ever was.</summary>
    public long MemoryPeak => Interlocked.Read(ref MemoryPeakField);

    /// <summary>Worlds in this group itself.</summary>
    public int Worlds => Volatile.Read(ref _members);

    /// <summary>Groups directly below, in the order of their creation: a snapshot.</summary>
    public IReadOnlyList<ResourceGroup> Children
    {
        get
        {
            lock (Tree.Gate)
            {
                return [.. _children];
            }
        }
    }

    /// <summary>Whether it is host/system or below it.</summary>
    internal bool IsSystem => Path == ResourceTree.System || Path.StartsWith(ResourceTree.System + "/", StringComparison.Ordinal);

    internal ResourceTree Tree { get; }

    /// <summary>Whether the group was taken out of the tree. Under the tree's gate.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>The children themselves. Under the tree's gate.</summary>
    internal List<ResourceGroup> ChildList => _children;

    // What MemoryLedger keeps, under its gate.
    internal long MemoryConsumedField;
    internal long MemoryPeakField;
    internal long MemoryInside;

    /// <summary>The allocation of a resource.</summary>
    public ResourceAllocation Allocation(ResourceKind kind) => kind == ResourceKind.Cpu ? _cpu : _memory;

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    internal void Set(ResourceKind kind, ResourceAllocation allocation)
    {
        if (kind == ResourceKind.Cpu)
        {
            _cpu = allocation;
        }
        else
        {
            _memory = allocation;
        }
    }

    /// <summary>A world moves in; the group cannot be removed before it left.</summary>
    /// <exception cref="KernelException">ENOENT: the group was removed.</exception>
    internal void AddMember()
    {
        lock (Tree.Gate)
        {
            if (IsRemoved)
            {
                throw new KernelException(Errno.ENOENT, $"{Path}: the resource group was removed.");
            }

            _members++;
        }
    }

    internal void RemoveMember()
    {
        lock (Tree.Gate)
        {
            _members--;
        }
    }
}
