namespace CimHost.VmKernel.Boot;

/// <summary>A change of the boot banks that is refused: what was asked, why not, and what to do, for a person. Nothing has been changed.</summary>
/// <param name="message">For a person.</param>
public sealed class BootException(string message) : Exception(message);
