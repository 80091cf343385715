using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>A provider whose instances clients can create.</summary>
public interface ICimCreateInstance
{
    /// <summary>Creates the instance and returns its path.</summary>
    /// <exception cref="CimException">CIM_ERR_ALREADY_EXISTS, CIM_ERR_INVALID_PARAMETER…</exception>
    ValueTask<CimObjectPath> CreateAsync(CimProviderRequest request, CimInstance instance, CancellationToken cancellationToken);
}
