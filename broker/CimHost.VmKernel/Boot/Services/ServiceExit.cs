namespace CimHost.VmKernel.Boot.Services;

/// <summary>How a service ended.</summary>
/// <param name="Status">Exit status, 0 to 255; 0 when a signal ended it.</param>
/// <param name="Signal">Name of the signal that ended it (<c>SIGSEGV</c>); null when none did.</param>
/// <param name="Reason">What is known besides, for a person (the error of an in-process service); null when nothing is.</param>
public sealed record ServiceExit(int Status, string? Signal = null, string? Reason = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Signal is null ? $"it exited with status {Status}" : $"it was ended by {Signal}") + (Reason is null ? string.Empty : $" ({Reason})");
}
