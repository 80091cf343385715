namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>A plug-in module of a network port: what it is, and what it measures. Copper cables say what they are too, and measure nothing.</summary>
internal sealed record OpticalModule
{
    /// <summary>Kind of module (SFF-8024 table 4-1): "SFP", "QSFP28".</summary>
    public required string FormFactor { get; init; }

    /// <summary>Connector (SFF-8024 table 4-3): "LC", "No separable connector"; null for numbers that are not listed here.</summary>
    public string? Connector { get; init; }

    public required string Vendor { get; init; }

    public required string PartNumber { get; init; }

    public required string Revision { get; init; }

    public required string SerialNumber { get; init; }

    /// <summary>When it was made, YYMMDD and the vendor's lot, as the module has it; empty when it does not say.</summary>
    public required string DateCode { get; init; }

    /// <summary>Wavelength of the laser in nanometres; null for copper.</summary>
    public float? Wavelength { get; init; }

    public IReadOnlyList<ModuleQuantity> Quantities { get; init; } = [];
}
