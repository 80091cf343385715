namespace CimHost.Alerts;

/// <summary>One place to which events are sent, by one protocol.</summary>
public interface IAlertReceiver
{
    /// <summary>Sends one event; returns when the receiver has it, as far as its protocol tells.</summary>
    /// <param name="alertEvent">The event.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">It does not have it; it is tried again later. The message says why, for people.</exception>
    Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken);
}
