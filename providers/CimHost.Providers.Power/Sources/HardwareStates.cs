using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>What a fault of a port means for a reading.</summary>
internal static class HardwareStates
{
    public static ReadingState Of(HardwareFault fault) => fault switch
    {
        HardwareFault.TimedOut => ReadingState.TimedOut,
        HardwareFault.Unsupported => ReadingState.Unsupported,
        _ => ReadingState.Unavailable,
    };
}
