namespace CimHost.Endpoints.Files;

/// <summary>Marks connections that came to the management address (Endpoints:Https): files are served on these only.</summary>
public sealed class FileListener
{
    /// <summary>The mark.</summary>
    public static FileListener Instance { get; } = new();
}
