using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Sdk.Providers;

/// <summary>A provider that carries out the methods of its classes.</summary>
public interface ICimMethods
{
    /// <summary>
    /// Invokes a method. Parameters are checked against the declaration and converted to the declared types before; the target is the path
    /// of an instance, or of the class for a static method.
    /// </summary>
    /// <exception cref="CimException">CIM_ERR_METHOD_NOT_AVAILABLE, CIM_ERR_NOT_FOUND…</exception>
    ValueTask<CimMethodResult> InvokeAsync(CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken);
}
