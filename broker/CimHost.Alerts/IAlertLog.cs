namespace CimHost.Alerts;

/// <summary>
/// The last events and the alerts they are about, on disk. Receivers read it from where they are, each at its own speed; none waits for
/// another and the engine waits for none.
/// </summary>
public interface IAlertLog
{
    /// <summary>Alerts that are open now, by number.</summary>
    IReadOnlyList<Alert> Open { get; }

    /// <summary>Sequence of the last event; 0 when there is none.</summary>
    long LastSequence { get; }

    /// <summary>Sequence of the first event that is still kept.</summary>
    long FirstSequence { get; }

    /// <summary>Events after one, oldest first; fewer or none when there are no more.</summary>
    /// <param name="sequence">Sequence of the last event that is not wanted.</param>
    /// <param name="count">How many at most.</param>
    IReadOnlyList<AlertEvent> ReadAfter(long sequence, int count);

    /// <summary>Returns as soon as there is an event after one.</summary>
    Task WaitAfterAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Alerts, open and closed, newest first.</summary>
    /// <param name="count">How many at most.</param>
    IReadOnlyList<Alert> Latest(int count);
}
