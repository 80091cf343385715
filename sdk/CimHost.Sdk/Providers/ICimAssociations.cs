using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>A provider of an association class that can follow it from one end without telling all its instances.</summary>
public interface ICimAssociations
{
    /// <summary>The instances of the association class that refer to <paramref name="source"/>, in the given role or (null) in any.</summary>
    IAsyncEnumerable<CimInstance> ReferencesAsync(CimProviderRequest request, CimObjectPath source, string? role, CancellationToken cancellationToken);
}
