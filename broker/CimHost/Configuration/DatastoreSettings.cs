namespace CimHost.Configuration;

/// <summary>A directory of this computer that is a datastore: /vmfs/volumes/NAME.</summary>
public sealed class DatastoreSettings
{
    /// <summary>Its label, as clients see it (dsName).</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The directory.</summary>
    public string Path { get; set; } = string.Empty;
}
