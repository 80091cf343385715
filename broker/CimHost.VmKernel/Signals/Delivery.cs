namespace CimHost.VmKernel.Signals;

/// <summary>A signal that a thread takes now by running a handler.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Handler">The handler.</param>
/// <param name="MaskAfter">Mask that is in force again after it.</param>
/// <param name="Restarts">SA_RESTART.</param>
internal sealed record Delivery(Signal Signal, SignalHandler Handler, SignalSet MaskAfter, bool Restarts);
