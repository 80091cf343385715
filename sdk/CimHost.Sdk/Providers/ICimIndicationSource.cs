using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>A provider that tells indications by itself.</summary>
public interface ICimIndicationSource
{
    /// <summary>
    /// Tells indications of the class asked for as they happen, until the token is cancelled. Called once per class while at least one
    /// subscription wants it.
    /// </summary>
    IAsyncEnumerable<CimInstance> IndicationsAsync(CimProviderRequest request, CancellationToken cancellationToken);
}
