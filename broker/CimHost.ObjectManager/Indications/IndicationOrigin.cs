namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Where an indication comes from, for sources that keep a log of their own. The number is stored in the same transaction as the queues,
/// so that a source that tells its log again after a crash is not delivered twice (<see cref="IndicationService.LastSequence"/>).
/// </summary>
/// <param name="Source">Name of the source.</param>
/// <param name="Sequence">Number of the event in its log; numbers grow.</param>
public sealed record IndicationOrigin(string Source, long Sequence);
