namespace CimHost.VmKernel.Signals;

/// <summary>What a world does with a signal (POSIX.1-2017 struct sigaction).</summary>
/// <param name="Disposition">Default, ignore or handler.</param>
/// <param name="Handler">The handler; only with <see cref="SignalDisposition.Handler"/>.</param>
/// <param name="Mask">Signals that are blocked besides while the handler runs.</param>
/// <param name="Flags">Flags.</param>
public sealed record SignalAction(SignalDisposition Disposition, SignalHandler? Handler, SignalSet Mask, SignalFlags Flags)
{
    /// <summary>SIG_DFL.</summary>
    public static SignalAction Default { get; } = new(SignalDisposition.Default, null, SignalSet.Empty, SignalFlags.None);

    /// <summary>SIG_IGN.</summary>
    public static SignalAction Ignore { get; } = new(SignalDisposition.Ignore, null, SignalSet.Empty, SignalFlags.None);

    /// <summary>A handler.</summary>
    /// <param name="handler">What runs.</param>
    /// <param name="flags">Flags.</param>
    /// <param name="mask">Signals that are blocked besides while it runs.</param>
    public static SignalAction Handle(SignalHandler handler, SignalFlags flags = SignalFlags.None, SignalSet mask = default) =>
        new(SignalDisposition.Handler, handler, mask, flags);
}
