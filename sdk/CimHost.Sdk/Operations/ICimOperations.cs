using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Operations;

/// <summary>
/// The CIM operations (DSP0200 1.4 §5.4). The object manager implements them for its clients and for providers, and a client session
/// implements them over the wire, so that the same code can work here and there. Every operation may throw <see cref="CimException"/>;
/// an enumeration may also throw it after some results: what came before is valid. Objects received must not be changed; clone them first.
/// </summary>
public interface ICimOperations
{
    /// <summary>GetClass.</summary>
    ValueTask<CimClass> GetClassAsync(string namespaceName, string className, CimClassOptions options, CancellationToken cancellationToken);

    /// <summary>EnumerateClasses; a null class name means the root of all classes.</summary>
    IAsyncEnumerable<CimClass> EnumerateClassesAsync(string namespaceName, string? className, bool deepInheritance, CimClassOptions options, CancellationToken cancellationToken);

    /// <summary>EnumerateClassNames; a null class name means the root of all classes.</summary>
    IAsyncEnumerable<string> EnumerateClassNamesAsync(string namespaceName, string? className, bool deepInheritance, CancellationToken cancellationToken);

    /// <summary>CreateClass.</summary>
    ValueTask CreateClassAsync(string namespaceName, CimClass newClass, CancellationToken cancellationToken);

    /// <summary>ModifyClass.</summary>
    ValueTask ModifyClassAsync(string namespaceName, CimClass modifiedClass, CancellationToken cancellationToken);

    /// <summary>DeleteClass.</summary>
    ValueTask DeleteClassAsync(string namespaceName, string className, CancellationToken cancellationToken);

    /// <summary>GetQualifier.</summary>
    ValueTask<CimQualifierDeclaration> GetQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken);

    /// <summary>EnumerateQualifiers.</summary>
    IAsyncEnumerable<CimQualifierDeclaration> EnumerateQualifiersAsync(string namespaceName, CancellationToken cancellationToken);

    /// <summary>SetQualifier: creates or replaces.</summary>
    ValueTask SetQualifierAsync(string namespaceName, CimQualifierDeclaration declaration, CancellationToken cancellationToken);

    /// <summary>DeleteQualifier.</summary>
    ValueTask DeleteQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken);

    /// <summary>GetInstance.</summary>
    ValueTask<CimInstance> GetInstanceAsync(string namespaceName, CimObjectPath instanceName, CimInstanceOptions options, CancellationToken cancellationToken);

    /// <summary>EnumerateInstances, subclasses included.</summary>
    IAsyncEnumerable<CimInstance> EnumerateInstancesAsync(string namespaceName, string className, CimInstanceOptions options, CancellationToken cancellationToken);

    /// <summary>EnumerateInstanceNames, subclasses included.</summary>
    IAsyncEnumerable<CimObjectPath> EnumerateInstanceNamesAsync(string namespaceName, string className, CancellationToken cancellationToken);

    /// <summary>CreateInstance; returns the path of the new instance.</summary>
    ValueTask<CimObjectPath> CreateInstanceAsync(string namespaceName, CimInstance newInstance, CancellationToken cancellationToken);

    /// <summary>ModifyInstance; a null property list means every property that the instance carries.</summary>
    ValueTask ModifyInstanceAsync(string namespaceName, CimInstance modifiedInstance, IReadOnlyList<string>? propertyList, CancellationToken cancellationToken);

    /// <summary>DeleteInstance.</summary>
    ValueTask DeleteInstanceAsync(string namespaceName, CimObjectPath instanceName, CancellationToken cancellationToken);

    /// <summary>GetProperty (deprecated, still sent by command-line clients).</summary>
    ValueTask<CimProperty> GetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CancellationToken cancellationToken);

    /// <summary>SetProperty (deprecated, still sent by command-line clients).</summary>
    ValueTask SetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CimValue newValue, CancellationToken cancellationToken);

    /// <summary>ExecQuery; the language is "WQL" or "DMTF:CQL".</summary>
    IAsyncEnumerable<CimInstance> QueryInstancesAsync(string namespaceName, string queryLanguage, string query, CancellationToken cancellationToken);

    /// <summary>The class whose instances a query gives: the one it selects from, with the properties selected (OpenQueryInstances, QueryResultClass).</summary>
    ValueTask<CimClass> GetQueryResultClassAsync(string namespaceName, string queryLanguage, string query, CancellationToken cancellationToken);

    /// <summary>Associators of an instance.</summary>
    IAsyncEnumerable<CimInstance> AssociatorsAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options, CancellationToken cancellationToken);

    /// <summary>AssociatorNames of an instance.</summary>
    IAsyncEnumerable<CimObjectPath> AssociatorNamesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CancellationToken cancellationToken);

    /// <summary>References of an instance; <see cref="CimAssociationOptions.AssociationClass"/> is the ResultClass parameter.</summary>
    IAsyncEnumerable<CimInstance> ReferencesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options, CancellationToken cancellationToken);

    /// <summary>ReferenceNames of an instance.</summary>
    IAsyncEnumerable<CimObjectPath> ReferenceNamesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CancellationToken cancellationToken);

    /// <summary>Associators of a class: the classes at the other ends of its association classes.</summary>
    IAsyncEnumerable<CimClass> AssociatorClassesAsync(string namespaceName, string className, CimAssociationOptions association, CimClassOptions options, CancellationToken cancellationToken);

    /// <summary>References of a class: the association classes that may refer to it.</summary>
    IAsyncEnumerable<CimClass> ReferenceClassesAsync(string namespaceName, string className, CimAssociationOptions association, CimClassOptions options, CancellationToken cancellationToken);

    /// <summary>Invokes a method of an instance, or a static method of a class (a class path).</summary>
    ValueTask<CimMethodResult> InvokeMethodAsync(string namespaceName, CimObjectPath target, string methodName, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken);
}
