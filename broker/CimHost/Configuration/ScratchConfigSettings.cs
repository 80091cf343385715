namespace CimHost.Configuration;

/// <summary>ESXi's advanced options ScratchConfig.*.</summary>
public sealed class ScratchConfigSettings
{
    /// <summary>
    /// Directory that hosts without a local disk put their scratch into, each below its own name; several hosts may share it. Empty: none.
    /// </summary>
    public string ConfiguredScratchLocation { get; set; } = string.Empty;
}
