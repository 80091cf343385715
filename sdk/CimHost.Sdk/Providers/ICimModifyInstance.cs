using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>A provider whose instances clients can change.</summary>
public interface ICimModifyInstance
{
    /// <summary>Takes over the named properties of the instance; the others keep their values.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND, CIM_ERR_INVALID_PARAMETER…</exception>
    ValueTask ModifyAsync(CimProviderRequest request, CimInstance instance, IReadOnlyList<string> properties, CancellationToken cancellationToken);
}
