namespace CimHost.VmKernel.Worlds;

/// <summary>The alarm clock of a world: a timer and when it rings.</summary>
/// <param name="Timer">The timer; disposed when the alarm is put off or rings.</param>
/// <param name="Due">When it rings, in timestamps of the table's time provider.</param>
internal sealed record WorldAlarm(ITimer Timer, long Due);
