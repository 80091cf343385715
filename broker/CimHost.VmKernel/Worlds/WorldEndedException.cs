namespace CimHost.VmKernel.Worlds;

/// <summary>
/// Thrown by every system call of a world that has ended or of a program that exec() replaced, so that its code unwinds. A program lets
/// it pass; catching it brings nothing, the next call throws again.
/// </summary>
/// <param name="message">Which world, and how it ended.</param>
public sealed class WorldEndedException(string message) : OperationCanceledException(message);
