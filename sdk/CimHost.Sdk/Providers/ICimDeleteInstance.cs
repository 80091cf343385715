using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>A provider whose instances clients can delete.</summary>
public interface ICimDeleteInstance
{
    /// <summary>Deletes the instance.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND…</exception>
    ValueTask DeleteAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken);
}
