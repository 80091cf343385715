using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Files;

/// <summary>What came of reading an attribute.</summary>
/// <param name="State">Ok: there is content. Absent: there is no such file. Else the read failed.</param>
/// <param name="Bytes">The content; empty without one.</param>
/// <param name="Reason">Why there is no content, as a sentence; null when there is.</param>
internal readonly record struct AttributeContent(ReadingState State, byte[] Bytes, string? Reason)
{
    public static AttributeContent Absent(string path) => new(ReadingState.Absent, [], $"{path} does not exist");

    /// <summary>The content as an integer; a content that is none is Unavailable and says so.</summary>
    public AttributeNumber AsNumber(string path) => State != ReadingState.Ok
        ? new AttributeNumber(State, 0, Reason)
        : SysfsText.TryReadInteger(Bytes, out long value, out string? problem)
            ? new AttributeNumber(ReadingState.Ok, value, null)
            : new AttributeNumber(ReadingState.Unavailable, 0, $"{path} {problem}");

    /// <summary>The content as a line of text; null when there is none.</summary>
    public string? AsText() => State == ReadingState.Ok ? SysfsText.ReadText(Bytes) : null;
}

/// <summary>What came of reading an attribute that holds an integer.</summary>
/// <param name="State">Ok: there is a value.</param>
/// <param name="Value">The value; 0 without one.</param>
/// <param name="Reason">Why there is no value, as a sentence; null when there is.</param>
internal readonly record struct AttributeNumber(ReadingState State, long Value, string? Reason)
{
    /// <summary>The value; null without one.</summary>
    public long? ValueOrNull => State == ReadingState.Ok ? Value : null;
}
