namespace CimHost.ObjectManager.Indications;

/// <summary>An indication that waits for its delivery.</summary>
/// <param name="Sequence">Value of SequenceNumber.</param>
/// <param name="Subscription">Number of the subscription it is for.</param>
/// <param name="QueuedAt">When it was put into the queue.</param>
/// <param name="Payload">The element INSTANCE, as it is sent.</param>
internal sealed record QueuedIndication(long Sequence, long Subscription, DateTimeOffset QueuedAt, byte[] Payload);
