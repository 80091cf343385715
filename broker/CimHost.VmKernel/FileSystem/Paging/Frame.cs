namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>A piece of real memory that holds one page.</summary>
internal sealed class Frame(Slab slab, int offset)
{
    private volatile Page? _owner;

    /// <summary>The larger piece that it is cut from.</summary>
    public Slab Slab => slab;

    /// <summary>The page in it; null when the frame is free or in transit.</summary>
    public Page? Owner
    {
        get => _owner;
        set => _owner = value;
    }

    /// <summary>Used since the clock hand passed. A lost update costs one turn of the clock, so that it needs no lock.</summary>
    public bool IsReferenced { get; set; }

    public Span<byte> Span => slab.Bytes.AsSpan(offset, PageBudget.PageSize);

    public Memory<byte> Memory => slab.Bytes.AsMemory(offset, PageBudget.PageSize);
}
