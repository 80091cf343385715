namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>One MiB of memory, cut into frames. Pinned, as the swap file reads into it and writes from it.</summary>
internal sealed class Slab
{
    public const int FrameCount = 256;

    private readonly Frame[] _free = new Frame[FrameCount];

    public Slab()
    {
        for (int i = 0; i < FrameCount; i++)
        {
            Frames[i] = _free[FrameCount - 1 - i] = new Frame(this, i * PageBudget.PageSize);
        }
    }

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(FrameCount * PageBudget.PageSize, pinned: true);

    /// <summary>All frames in order, for the clock hand.</summary>
    public Frame[] Frames { get; } = new Frame[FrameCount];

    public int FreeCount { get; private set; } = FrameCount;

    public Frame Pop() => _free[--FreeCount];

    public void Push(Frame frame) => _free[FreeCount++] = frame;
}
