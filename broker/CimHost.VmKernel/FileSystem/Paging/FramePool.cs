namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>
/// The frames of a budget: memory is taken from the host in slabs as it is needed and given back when slabs are empty. Not synchronized:
/// the budget's lock guards it, except for <see cref="Slabs"/>, which is a snapshot.
/// </summary>
internal sealed class FramePool(int capacity)
{
    private const int KeptEmptySlabs = 64;

    // Slabs with free frames; the last one is taken from.
    private readonly List<Slab> _open = [];
    private volatile Slab[] _slabs = [];
    private int _empty;

    public int Capacity => capacity;

    /// <summary>Frames that are taken.</summary>
    public int Used { get; private set; }

    public int Free => capacity - Used;

    public Slab[] Slabs => _slabs;

    public Frame Take()
    {
        if (_open.Count == 0)
        {
            var added = new Slab();
            _open.Add(added);
            _slabs = [.. _slabs, added];
            _empty++;
        }

        Slab slab = _open[^1];
        _empty -= slab.FreeCount == Slab.FrameCount ? 1 : 0;
        Frame frame = slab.Pop();
        if (slab.FreeCount == 0)
        {
            _open.RemoveAt(_open.Count - 1);
        }

        Used++;
        return frame;
    }

    public void Return(Frame frame)
    {
        Slab slab = frame.Slab;
        if (slab.FreeCount == 0)
        {
            _open.Add(slab);
        }

        slab.Push(frame);
        Used--;
        if (slab.FreeCount == Slab.FrameCount && ++_empty > KeptEmptySlabs)
        {
            _open.Remove(slab);
            _slabs = Array.FindAll(_slabs, s => s != slab);
            _empty--;
        }
    }
}
