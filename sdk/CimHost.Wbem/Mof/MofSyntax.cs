using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

internal enum MofValueKind
{
    Null,
    Boolean,
    Integer,
    Real,
    Character,
    Text,
    Alias,
    Array,
}

/// <summary>A value as written; its CIM type is decided by what it is given to.</summary>
internal sealed record MofValue(MofValueKind Kind, string Text, int Position, IReadOnlyList<MofValue>? Items = null);

/// <summary>A qualifier as written.</summary>
internal sealed record MofQualifierSyntax(string Name, MofValue? Value, CimQualifierFlavors? Set, CimQualifierFlavors? Cleared, int Position);

/// <summary>A parameter, property or method as written. Reference and array tell the shape of the type; parameters make it a method.</summary>
internal sealed record MofFeature(
    string Name,
    CimType Type,
    string? ReferenceClass,
    int ArraySize,
    IReadOnlyList<MofQualifierSyntax> Qualifiers,
    MofValue? Default,
    IReadOnlyList<MofFeature>? Parameters,
    int Position);

/// <summary>A class as written. The namespace is that of the pragma before it; null where none stands, as in all declarations.</summary>
internal sealed record MofClassSyntax(string Name, string? SuperClass, int SuperPosition, IReadOnlyList<MofQualifierSyntax> Qualifiers, IReadOnlyList<MofFeature> Features, MofText Text, string? Namespace, int Position);

/// <summary>A property of an instance as written.</summary>
internal sealed record MofAssignment(string Name, MofValue Value, int Position);

/// <summary>An instance as written.</summary>
internal sealed record MofInstanceSyntax(string ClassName, string? Alias, IReadOnlyList<MofAssignment> Properties, MofText Text, string? Namespace, int Position);

/// <summary>A qualifier declaration as written.</summary>
internal sealed record MofQualifierDeclarationSyntax(string Name, CimType Type, int ArraySize, MofValue? Default, CimQualifierScopes Scopes, CimQualifierFlavors Flavors, MofText Text, string? Namespace, int Position);

/// <summary>Everything in one file, in its order.</summary>
internal sealed class MofFile(MofText text)
{
    public MofText Text => text;

    public List<MofQualifierDeclarationSyntax> Qualifiers { get; } = [];

    public List<MofClassSyntax> Classes { get; } = [];

    public List<MofInstanceSyntax> Instances { get; } = [];

    public List<(string Path, int Position)> Includes { get; } = [];

    public List<MofDiagnostic> Diagnostics { get; } = [];
}
