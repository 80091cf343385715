namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// The tree of resource groups of the host, with admission control: nothing is created or changed that would reserve more than there is.
/// Safe to use from several threads.
/// </summary>
public sealed class ResourceTree
{
    /// <summary>Path of the group of the kernel's own services.</summary>
    public const string System = "host/system";

    /// <summary>Path of the group of provider packages.</summary>
    public const string Plugins = "host/vim/plugins";

    /// <summary>Path of the group of what users start.</summary>
    public const string User = "host/user";

    /// <summary>Most groups of a tree, the root included.</summary>
    public const int MaxGroups = 1_024;

    /// <summary>Most names in a path.</summary>
    public const int MaxDepth = 8;

    private const int MaxName = 64;
    private readonly Dictionary<string, ResourceGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>Creates a tree that has a root only.</summary>
    /// <param name="cpuCapacity">Millicores of the host; at least 1.</param>
    /// <param name="memoryCapacity">Bytes that worlds may use; at least 1.</param>
    /// <exception cref="KernelException">EINVAL: a capacity is out of range.</exception>
    public ResourceTree(long cpuCapacity, long memoryCapacity)
    {
        Ledger = new MemoryLedger();
        ResourceAllocation cpu = Whole(ResourceKind.Cpu, cpuCapacity);
        ResourceAllocation memory = Whole(ResourceKind.Memory, memoryCapacity);
        Root = new ResourceGroup(this, null, "host", cpu, memory);
        _groups.Add(Root.Path, Root);
    }

    /// <summary>The group "host" that owns everything; its values are the capacity of the host and cannot be changed.</summary>
    public ResourceGroup Root { get; }

    /// <summary>Every group, parents before children: a snapshot.</summary>
    public IReadOnlyList<ResourceGroup> Groups
    {
        get
        {
            lock (Gate)
            {
                return [.. _groups.Values.OrderBy(g => g.Path, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Guards structure and allocations.</summary>
    internal Lock Gate { get; } = new();

    internal MemoryLedger Ledger { get; }

    /// <summary>
    /// The tree that a host starts with: host/system (high shares: the kernel's own services), host/vim and host/vim/plugins (management
    /// agents and provider packages), host/user (what users start), host/iofilters; nothing reserved, nothing limited.
    /// </summary>
    /// <exception cref="KernelException">EINVAL: a capacity is out of range.</exception>
    public static ResourceTree CreateDefault(long cpuCapacity, long memoryCapacity)
    {
        var tree = new ResourceTree(cpuCapacity, memoryCapacity);
        tree.Create(System, new ResourceAllocation(ResourceShares.OfGroup(ShareLevel.High, ResourceKind.Cpu)));
        foreach (string path in (string[])["host/vim", Plugins, User, "host/iofilters"])
        {
            tree.Create(path);
        }

        return tree;
    }

    /// <summary>Creates a group.</summary>
    /// <param name="path">Path below an existing group: names of letters, digits, dot, underscore, hyphen, at most 64 characters each.</param>
    /// <param name="cpu">Processor time; null for <see cref="ResourceAllocation.Default"/>.</param>
    /// <param name="memory">Memory; null for the default.</param>
    /// <exception cref="KernelException">
    /// EEXIST, ENOENT no parent, EINVAL name or values, ENFILE too many groups, EAGAIN (CPU) or ENOMEM (memory): the reservation does not fit.
    /// </exception>
    public ResourceGroup Create(string path, ResourceAllocation? cpu = null, ResourceAllocation? memory = null)
    {
        lock (Gate)
        {
            ResourceGroup parent = ParentOf(path);
            var group = new ResourceGroup(
                this, parent, path[(path.LastIndexOf('/') + 1)..], ResourceAllocation.Default(ResourceKind.Cpu), ResourceAllocation.Default(ResourceKind.Memory));
            parent.ChildList.Add(group);
            try
            {
                Apply(group, ResourceKind.Cpu, cpu ?? group.Cpu);
                Apply(group, ResourceKind.Memory, memory ?? group.Memory);
            }
            catch
            {
                parent.ChildList.Remove(group);
                throw;
            }

            _groups.Add(path, group);
            return group;
        }
    }

    /// <summary>Removes a group without children and worlds; what it reserved is free again.</summary>
    /// <exception cref="KernelException">ENOENT, EBUSY it has children or worlds, EPERM it is the root.</exception>
    public void Remove(string path)
    {
        lock (Gate)
        {
            ResourceGroup group = Get(path);
            if (group.Parent is not { } parent)
            {
                throw new KernelException(Errno.EPERM, $"{path}: the root of the resource groups cannot be removed.");
            }

            if (group.ChildList.Count > 0 || group.Worlds > 0)
            {
                throw new KernelException(Errno.EBUSY, $"{path} cannot be removed: it has {group.ChildList.Count} groups and {group.Worlds} worlds.");
            }

            Ledger.Reserve(group, 0);
            group.IsRemoved = true;
            parent.ChildList.Remove(group);
            _groups.Remove(path);
        }
    }

    /// <summary>The group of a path, or null.</summary>
    public ResourceGroup? Find(string path)
    {
        lock (Gate)
        {
            return _groups.GetValueOrDefault(path);
        }
    }

    /// <summary>The group of a path.</summary>
    /// <exception cref="KernelException">ENOENT: there is none.</exception>
    public ResourceGroup Get(string path) => Find(path) ?? throw new KernelException(Errno.ENOENT, $"{path}: there is no such resource group.");

    /// <summary>Changes what a group is given of a resource; takes effect at once, or not at all.</summary>
    /// <exception cref="KernelException">
    /// ENOENT, EPERM the root, EINVAL values, EAGAIN (CPU) or ENOMEM (memory): it would no longer hold what its children reserved, or its
    /// parents have not what it asks for.
    /// </exception>
    public void Configure(string path, ResourceKind kind, ResourceAllocation allocation)
    {
        lock (Gate)
        {
            ResourceGroup group = Get(path);
            if (group.Parent is null)
            {
                throw new KernelException(Errno.EPERM, $"{path}: the capacity of the host is not configured.");
            }

            Apply(group, kind, allocation);
        }
    }

    /// <summary>What is left to reserve in a group, climbing where it is expandable; in the unit of the resource.</summary>
    public long Unreserved(string path, ResourceKind kind)
    {
        lock (Gate)
        {
            return ResourceAdmission.Unreserved(Get(path), kind);
        }
    }

    private static ResourceAllocation Whole(ResourceKind kind, long capacity)
    {
        var whole = new ResourceAllocation(ResourceShares.OfGroup(ShareLevel.Normal, kind), capacity, Math.Max(capacity, 1), IsExpandable: false);
        whole.Check("host", kind);
        return whole;
    }

    private void Apply(ResourceGroup group, ResourceKind kind, ResourceAllocation allocation)
    {
        allocation.Check(group.Path, kind);
        ResourceAdmission.Check(group, kind, allocation);
        if (kind == ResourceKind.Memory)
        {
            Ledger.Reserve(group, allocation.Reservation);
        }

        group.Set(kind, allocation);
    }

    private ResourceGroup ParentOf(string path)
    {
        string[] names = path.Split('/');
        if (names.Length is < 2 or > MaxDepth || !names.All(IsName))
        {
            throw new KernelException(
                Errno.EINVAL, $"'{(path.Length > 200 ? path[..200] : path)}' is no path of a resource group: expected host/NAME/…, at most {MaxDepth} names of letters, digits and . _ -.");
        }

        if (_groups.ContainsKey(path))
        {
            throw new KernelException(Errno.EEXIST, $"{path}: there is such a resource group already.");
        }

        return _groups.Count >= MaxGroups
            ? throw new KernelException(Errno.ENFILE, $"{path} cannot be created: there are {MaxGroups} resource groups already.")
            : Get(path[..path.LastIndexOf('/')]);
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxName && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
