using System.Numerics;

namespace CimHost.VmKernel.Signals;

/// <summary>A set of signals (POSIX.1-2017 sigset_t).</summary>
/// <param name="Bits">Bit n stands for signal n; bits of numbers that are no signals mean nothing.</param>
public readonly record struct SignalSet(uint Bits)
{
    /// <summary>No signal.</summary>
    public static SignalSet Empty => default;

    /// <summary>Whether it holds no signal.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>Number of the lowest signal in it; only when it is not empty.</summary>
    internal Signal First => (Signal)BitOperations.TrailingZeroCount(Bits);

    /// <summary>The set of these signals.</summary>
    /// <param name="signals">Signals; their order means nothing.</param>
    public static SignalSet Of(params ReadOnlySpan<Signal> signals)
    {
        SignalSet set = default;
        foreach (Signal signal in signals)
        {
            set = set.With(signal);
        }

        return set;
    }

    /// <summary>Whether a signal is in it (sigismember).</summary>
    /// <param name="signal">The signal.</param>
    public bool Contains(Signal signal) => (Bits & Bit(signal)) != 0;

    /// <summary>The set with one signal more (sigaddset).</summary>
    /// <param name="signal">The signal.</param>
    public SignalSet With(Signal signal) => new(Bits | Bit(signal));

    /// <summary>The set without a signal (sigdelset).</summary>
    /// <param name="signal">The signal.</param>
    public SignalSet Without(Signal signal) => new(Bits & ~Bit(signal));

    /// <summary>What is in either.</summary>
    /// <param name="other">The other set.</param>
    public SignalSet Union(SignalSet other) => new(Bits | other.Bits);

    /// <summary>What is in this and not in the other.</summary>
    /// <param name="other">The other set.</param>
    public SignalSet Except(SignalSet other) => new(Bits & ~other.Bits);

    private static uint Bit(Signal signal) => (uint)signal is > 0 and < 32 ? 1u << (int)signal : 0;
}
