using System.Globalization;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>A self-test that was started here, as the device last showed it.</summary>
internal sealed record SelfTestJob
{
    // A device may take a moment until it shows that it tests itself.
    private static readonly TimeSpan s_untilShown = TimeSpan.FromSeconds(10);

    /// <summary>A self-test that has just been started.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="log">The device's log of self-tests before the start.</param>
    public SelfTestJob(SelfTestKind kind, DateTimeOffset now, IReadOnlyList<DiskRecord> log) => (Kind, Started, Changed, LogBefore) = (kind, now, now, log);

    public SelfTestKind Kind { get; }

    public DateTimeOffset Started { get; }

    /// <summary>When the state changed last.</summary>
    public DateTimeOffset Changed { get; private init; }

    public SelfTestJobState State { get; private init; } = SelfTestJobState.Running;

    /// <summary>How much is done.</summary>
    public int Percent { get; private init; }

    /// <summary>What the device logged of it; null while it runs, and when nothing was logged.</summary>
    public DiskRecord? Record { get; private init; }

    /// <summary>Name of the job within its device.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"selftest-{Started.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}");

    private IReadOnlyList<DiskRecord> LogBefore { get; }

    /// <summary>The job after another look at the device.</summary>
    public SelfTestJob After(DiskSample sample)
    {
        if (State != SelfTestJobState.Running || sample.State != ReadingState.Ok || sample.Time < Started)
        {
            return this;
        }

        if (sample.SelfTestPercent is { } percent)
        {
            return this with { Percent = percent };
        }

        DiskRecord? record = sample.SelfTests is [{ } newest, ..] && !sample.SelfTests.SequenceEqual(LogBefore) ? newest : null;
        if (record is null && sample.Time - Started < s_untilShown)
        {
            return this;
        }

        SelfTestJobState state = record?.Test?.End switch
        {
            SelfTestEnd.Passed or SelfTestEnd.Failed => SelfTestJobState.Completed,
            SelfTestEnd.Stopped => SelfTestJobState.Terminated,
            _ => SelfTestJobState.Exception,
        };
        return this with { State = state, Changed = sample.Time, Percent = state == SelfTestJobState.Completed ? 100 : Percent, Record = record };
    }
}
