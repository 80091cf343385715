namespace CimHost.ObjectManager.Indications;

/// <summary>How the deliveries to a destination do, at one moment.</summary>
/// <param name="Queued">Indications that wait.</param>
/// <param name="Delivered">Indications delivered since the destination was made.</param>
/// <param name="DeliveredAt">When the last one was.</param>
/// <param name="FailedAttempts">Attempts that failed since the last delivery.</param>
/// <param name="FailingSince">When the first of them failed; null when none did.</param>
/// <param name="LastFailure">Why the last of them failed; empty when none did.</param>
/// <param name="NextAttempt">When it is tried again; null when nothing waits for that.</param>
/// <param name="Dropped">Indications given up since the destination was made.</param>
/// <param name="DroppedAt">When the last one was.</param>
/// <param name="DropReason">Why; empty when none was.</param>
/// <param name="NextSequence">Sequence number of the next indication.</param>
public sealed record DestinationStatus(
    int Queued, long Delivered, DateTimeOffset? DeliveredAt, int FailedAttempts, DateTimeOffset? FailingSince, string LastFailure, DateTimeOffset? NextAttempt,
    long Dropped, DateTimeOffset? DroppedAt, string DropReason, long NextSequence);
