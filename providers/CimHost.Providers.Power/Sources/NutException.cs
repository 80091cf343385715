using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>A NUT server did not give what it was asked for. The message names the server and the reason.</summary>
internal sealed class NutException(ReadingState state, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it means for a reading.</summary>
    public ReadingState State => state;

    /// <summary>True when the server said no in its protocol, so that it can be asked for something else.</summary>
    public bool IsRefusal { get; init; }
}
