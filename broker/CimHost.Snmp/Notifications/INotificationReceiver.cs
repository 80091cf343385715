namespace CimHost.Snmp.Notifications;

/// <summary>Somebody who takes notifications.</summary>
public interface INotificationReceiver
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Where it is, for people.</summary>
    string Where { get; }

    /// <summary>Protocol and kind, as "v3 inform".</summary>
    string Kind { get; }

    /// <summary>Whether it says that it has a notification.</summary>
    bool Acknowledges { get; }

    /// <summary>Sends a notification, and waits until it is acknowledged if it is.</summary>
    /// <exception cref="IOException">The receiver cannot be reached or refuses.</exception>
    Task SendAsync(Notification notification, CancellationToken cancellationToken);
}
