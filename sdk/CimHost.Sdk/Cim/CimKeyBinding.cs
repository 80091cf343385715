namespace CimHost.Sdk.Cim;

/// <summary>A key of an object path: name and value, which is a scalar or a reference and never NULL.</summary>
/// <param name="Name">Name of the key property; compared in any case.</param>
/// <param name="Value">Its value.</param>
public readonly record struct CimKeyBinding(string Name, CimValue Value);
