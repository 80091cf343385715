namespace CimHost.Sdk.Cim;

/// <summary>A parameter of a method.</summary>
public sealed record CimParameterDeclaration : CimTypedElement
{
    /// <summary>True unless the qualifier In says FALSE (DSP0004 §5.6.3.25: input by default).</summary>
    public bool IsIn => Qualifiers["In"]?.Value.AsBoolean() ?? true;

    /// <summary>True when the qualifier Out says TRUE.</summary>
    public bool IsOut => HasQualifier("Out");
}
