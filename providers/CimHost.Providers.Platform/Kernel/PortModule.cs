using CimHost.Providers.Platform.Wire.Modules;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>What is plugged into a network port.</summary>
/// <param name="Port">The port.</param>
/// <param name="Module">The module; null when what it tells was refused.</param>
/// <param name="Reason">Why it was refused; null when it was not.</param>
internal sealed record PortModule(NetworkPort Port, OpticalModule? Module, string? Reason)
{
    /// <summary>Tag of the module: what it is, where it says so, else where it is.</summary>
    public string Tag => Module is { SerialNumber.Length: > 0 } m ? $"module {m.Vendor} {m.PartNumber} {m.SerialNumber}" : "module in " + Port.Id;
}
