using System.Diagnostics;

namespace CimHost.TestBed;

/// <summary>Polls a condition until it holds or a deadline passes. For what another process does and tells nobody about.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks for a value until it satisfies the condition, and returns it.</summary>
    /// <param name="value">Gets the value.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="within">How long to ask; half a minute.</param>
    /// <param name="pause">Time between answer and next question; 50 ms.</param>
    /// <exception cref="TimeoutException">It never did; the message names what was waited for and the last value.</exception>
    public static async Task<T> HoldsAsync<T>(Func<Task<T>> value, Func<T, bool> condition, string what, TimeSpan? within = null, TimeSpan? pause = null)
    {
        TimeSpan limit = within ?? TimeSpan.FromSeconds(30);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            T last = await value();
            if (condition(last))
            {
                return last;
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for {what}; last seen: {last}");
            }

            await Task.Delay(pause ?? s_pause);
        }
    }

    /// <summary>Asks until the condition holds.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), holds => holds, what, within);
}
