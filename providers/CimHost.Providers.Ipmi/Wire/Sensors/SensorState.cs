namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>A state that a discrete sensor can assert.</summary>
/// <param name="Text">Text for people.</param>
/// <param name="Severity">What it means for health.</param>
internal readonly record struct SensorState(string Text, StateSeverity Severity)
{
    // The tables mark what is not Ok with a first character: ~ degraded, ! critical, # non-recoverable.
    internal static SensorState Parse(string text) => text[0] switch
    {
        '~' => new(text[1..], StateSeverity.Degraded),
        '!' => new(text[1..], StateSeverity.Critical),
        '#' => new(text[1..], StateSeverity.NonRecoverable),
        _ => new(text, StateSeverity.Ok),
    };
}
