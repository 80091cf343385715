namespace CimHost.Sdk.Cim;

/// <summary>A property of an instance: its declaration and its value.</summary>
/// <param name="Declaration">The declaration in the instance's class.</param>
/// <param name="CimValue">The value.</param>
public readonly record struct CimProperty(CimPropertyDeclaration Declaration, CimValue CimValue)
{
    /// <summary>Name.</summary>
    public string Name => Declaration.Name;

    /// <summary>Declared type.</summary>
    public CimType CimType => Declaration.CimType;

    /// <summary>The value as a .NET object, as users of Microsoft.Management.Infrastructure expect it.</summary>
    public object? Value => CimValue.ToObject();
}
