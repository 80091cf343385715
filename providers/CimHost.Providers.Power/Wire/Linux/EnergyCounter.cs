namespace CimHost.Providers.Power.Wire.Linux;

/// <summary>A reading of a powercap zone's energy counter.</summary>
/// <param name="Microjoules">energy_uj.</param>
/// <param name="Time">When it was read.</param>
internal readonly record struct EnergyCounter(long Microjoules, DateTimeOffset Time)
{
    /// <summary>
    /// Mean power in watts from an earlier reading to this one (Documentation/power/powercap/powercap.rst): the counter begins again at 0
    /// after <paramref name="range"/>. Null when no time has passed, or when the counter may have gone round more than once.
    /// </summary>
    /// <param name="earlier">The earlier reading.</param>
    /// <param name="range">max_energy_range_uj; 0: not known, and a counter that went back was reset.</param>
    /// <param name="longest">Longest time between readings for which one round at most is sure.</param>
    public double? PowerSince(EnergyCounter earlier, long range, TimeSpan longest)
    {
        TimeSpan passed = Time - earlier.Time;
        if (passed <= TimeSpan.Zero || passed > longest || Microjoules < 0 || earlier.Microjoules < 0)
        {
            return null;
        }

        double spent = (double)Microjoules - earlier.Microjoules;
        if (spent < 0)
        {
            if (range <= 0 || earlier.Microjoules > range)
            {
                return null;
            }

            spent += range;
        }

        return spent / 1e6 / passed.TotalSeconds;
    }
}
