namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>What may not stand beside a pattern for it to be found.</summary>
internal enum PatternEdge
{
    /// <summary>Anything may.</summary>
    Any,

    /// <summary>A digit.</summary>
    Digit,

    /// <summary>A digit or a dot with a digit: an IP address is no part of a longer number.</summary>
    Number,

    /// <summary>A letter or a digit.</summary>
    Word,
}
