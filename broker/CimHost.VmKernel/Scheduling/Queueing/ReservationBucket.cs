namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>
/// A floor of processor time: what a group is owed grows with time up to one period's worth, and shrinks by what it uses. One that is
/// owed something goes before all shares. Times in nanoseconds.
/// </summary>
internal sealed class ReservationBucket
{
    private long _since;
    private double _owed;

    /// <summary>Processor time that is due, as a part of what a period brings; 0 or less when nothing is.</summary>
    public double Due { get; private set; }

    /// <summary>Adds what the time since the last call brings.</summary>
    /// <param name="reservation">Millicores.</param>
    /// <param name="now">Time.</param>
    /// <param name="period">Length of a period.</param>
    public void Refill(long reservation, long now, long period)
    {
        double most = reservation * (period / 1_000.0);
        _owed = reservation == 0 ? 0 : Math.Min(most, _owed + ((now - _since) * (reservation / 1_000.0)));
        _since = now;
        Most = most;
        Due = most > 0 ? _owed / most : 0;
    }

    /// <summary>What one period brings; 0 without a reservation.</summary>
    public double Most { get; private set; }

    /// <summary>Counts processor time that was used, however it was come by. What was used beyond the floor is not held against later periods.</summary>
    public void Take(long used) => _owed = Math.Max(_owed - used, -Most);
}
