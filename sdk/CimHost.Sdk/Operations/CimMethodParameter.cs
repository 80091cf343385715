using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Operations;

/// <summary>A parameter handed to or returned by a method.</summary>
/// <param name="Name">Name.</param>
/// <param name="CimType">Declared type; Unknown when the sender did not say.</param>
/// <param name="Value">Value.</param>
public sealed record CimMethodParameter(string Name, CimType CimType, CimValue Value) : ICimNamed;
