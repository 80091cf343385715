namespace CimHost.Sdk.Cim;

/// <summary>An element of a class or an instance that is found by its name, in any case (DSP0004 §5.1).</summary>
public interface ICimNamed
{
    /// <summary>Name of the element.</summary>
    string Name { get; }
}
