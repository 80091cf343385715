namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on time.</summary>
public interface ITimeCalls
{
    /// <summary>clock_gettime(): nanoseconds.</summary>
    ValueTask<long> ClockGettimeAsync(ClockId clock);

    /// <summary>sleep(), nanosleep(): the time that was not slept because a signal came (EINTR); zero after the whole time.</summary>
    ValueTask<TimeSpan> NanosleepAsync(TimeSpan duration);
}
