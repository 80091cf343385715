namespace CimHost.VmKernel.Boot;

/// <summary>One thing that is wrong in a <c>boot.cfg</c>.</summary>
/// <param name="Line">Line number from 1; 0 where the whole file is meant.</param>
/// <param name="Key">The key; empty where none could be read.</param>
/// <param name="Problem">What is wrong, for a person.</param>
public readonly record struct BootConfigurationError(int Line, string Key, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => (Line, Key.Length) switch
    {
        (0, 0) => Problem,
        (0, _) => $"{Key}: {Problem}",
        (_, 0) => $"line {Line}: {Problem}",
        _ => $"line {Line}, {Key}: {Problem}",
    };
}
