using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Client;

/// <content>Classes and qualifier declarations.</content>
public sealed partial class CimSession
{
    /// <summary>GetClass with everything.</summary>
    public ValueTask<CimClass> GetClassAsync(string namespaceName, string className, CancellationToken cancellationToken = default) =>
        GetClassAsync(namespaceName, className, CimClassOptions.Full, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CimClass> GetClassAsync(string namespaceName, string className, CimClassOptions options, CancellationToken cancellationToken) =>
        (CimClass)Placed(
            await GetAsync<CimClass>(
                namespaceName, "GetClass", [new("ClassName", new CimObjectPath(className)), .. Shape(options), new("PropertyList", options.PropertyList)], cancellationToken),
            namespaceName);

    /// <inheritdoc/>
    public IAsyncEnumerable<CimClass> EnumerateClassesAsync(string namespaceName, string? className, bool deepInheritance, CimClassOptions options, CancellationToken cancellationToken) =>
        ReadAllAsync<CimClass>(
            namespaceName, "EnumerateClasses", [new("ClassName", ClassName(className)), new("DeepInheritance", deepInheritance), .. Shape(options)], cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> EnumerateClassNamesAsync(string namespaceName, string? className, bool deepInheritance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CimXmlParameter[] parameters = [new("ClassName", ClassName(className)), new("DeepInheritance", deepInheritance)];
        await foreach (CimObjectPath path in ReadAllAsync<CimObjectPath>(namespaceName, "EnumerateClassNames", parameters, cancellationToken))
        {
            yield return path.ClassName;
        }
    }

    /// <inheritdoc/>
    public ValueTask CreateClassAsync(string namespaceName, CimClass newClass, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "CreateClass", [new("NewClass", newClass)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask ModifyClassAsync(string namespaceName, CimClass modifiedClass, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "ModifyClass", [new("ModifiedClass", modifiedClass)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteClassAsync(string namespaceName, string className, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "DeleteClass", [new("ClassName", new CimObjectPath(className))], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CimQualifierDeclaration> GetQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken) =>
        GetAsync<CimQualifierDeclaration>(namespaceName, "GetQualifier", [new("QualifierName", qualifierName)], cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<CimQualifierDeclaration> EnumerateQualifiersAsync(string namespaceName, CancellationToken cancellationToken) =>
        ReadAllAsync<CimQualifierDeclaration>(namespaceName, "EnumerateQualifiers", [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetQualifierAsync(string namespaceName, CimQualifierDeclaration declaration, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "SetQualifier", [new("QualifierDeclaration", declaration)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "DeleteQualifier", [new("QualifierName", qualifierName)], cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<CimClass> AssociatorClassesAsync(string namespaceName, string className, CimAssociationOptions association, CimClassOptions options, CancellationToken cancellationToken) =>
        ReadAllAsync<CimClass>(namespaceName, "Associators", [new("ObjectName", new CimObjectPath(className)), .. Ends(association), .. AssociatedShape(options)], cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<CimClass> ReferenceClassesAsync(string namespaceName, string className, CimAssociationOptions association, CimClassOptions options, CancellationToken cancellationToken) =>
        ReadAllAsync<CimClass>(namespaceName, "References", [new("ObjectName", new CimObjectPath(className)), .. End(association), .. AssociatedShape(options)], cancellationToken);

    private static CimXmlParameter[] Shape(CimClassOptions options) =>
        [new("LocalOnly", options.LocalOnly), new("IncludeQualifiers", options.IncludeQualifiers), new("IncludeClassOrigin", options.IncludeClassOrigin)];

    private static CimXmlParameter[] AssociatedShape(CimClassOptions options) =>
        [new("IncludeQualifiers", options.IncludeQualifiers), new("IncludeClassOrigin", options.IncludeClassOrigin), new("PropertyList", options.PropertyList)];
}
