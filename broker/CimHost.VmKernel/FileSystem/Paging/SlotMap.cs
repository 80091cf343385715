namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>Which slots of the swap file are taken: a bit map that is searched from where the last search ended. Not synchronized.</summary>
internal sealed class SlotMap(int count)
{
    private readonly ulong[] _taken = new ulong[(count + 63) / 64];
    private int _next;

    public int Count { get; } = count;

    public int Free { get; private set; } = count;

    /// <summary>Takes neighbouring slots.</summary>
    /// <param name="wanted">How many at most.</param>
    /// <param name="taken">How many there are, at least 1 unless all slots are taken.</param>
    /// <returns>The first one.</returns>
    public int Take(int wanted, out int taken)
    {
        taken = 0;
        if (Free == 0)
        {
            return -1;
        }

        int first = NextFree();
        while (taken < wanted && first + taken < Count && !IsTaken(first + taken))
        {
            _taken[(first + taken) >> 6] |= 1ul << ((first + taken) & 63);
            taken++;
        }

        Free -= taken;
        _next = first + taken == Count ? 0 : first + taken;
        return first;
    }

    public void Return(int slot)
    {
        _taken[slot >> 6] &= ~(1ul << (slot & 63));
        Free++;
    }

    private bool IsTaken(int slot) => (_taken[slot >> 6] & (1ul << (slot & 63))) != 0;

    private int NextFree()
    {
        int at = _next;
        while (IsTaken(at))
        {
            // A full word is passed over in one step.
            at = _taken[at >> 6] == ulong.MaxValue ? ((at >> 6) + 1) << 6 : at + 1;
            at = at >= Count ? 0 : at;
        }

        return at;
    }
}
