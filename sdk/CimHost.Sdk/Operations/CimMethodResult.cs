using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Operations;

/// <summary>What a method returned.</summary>
/// <param name="ReturnValue">Return value.</param>
/// <param name="OutParameters">Output parameters; those that were not set are left out.</param>
public sealed record CimMethodResult(CimValue ReturnValue, CimNamedList<CimMethodParameter> OutParameters)
{
    /// <summary>A result without output parameters.</summary>
    public CimMethodResult(CimValue returnValue)
        : this(returnValue, CimNamedList<CimMethodParameter>.Empty)
    {
    }
}
