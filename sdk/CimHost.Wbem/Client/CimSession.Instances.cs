using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Client;

/// <content>Instances, queries, associations and methods.</content>
public sealed partial class CimSession
{
    /// <summary>GetInstance with everything.</summary>
    public ValueTask<CimInstance> GetInstanceAsync(string namespaceName, CimObjectPath instanceName, CancellationToken cancellationToken = default) =>
        GetInstanceAsync(namespaceName, instanceName, CimInstanceOptions.Full, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CimInstance> GetInstanceAsync(string namespaceName, CimObjectPath instanceName, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        CimInstance instance = await GetAsync<CimInstance>(
            namespaceName,
            "GetInstance",
            [new("InstanceName", instanceName), new("LocalOnly", false), new("IncludeClassOrigin", options.IncludeClassOrigin), new("PropertyList", options.PropertyList)],
            cancellationToken);
        instance.Path = Placed(instance.Path ?? instanceName, namespaceName);
        return instance;
    }

    /// <summary>EnumerateInstances with everything.</summary>
    public IAsyncEnumerable<CimInstance> EnumerateInstancesAsync(string namespaceName, string className, CancellationToken cancellationToken = default) =>
        EnumerateInstancesAsync(namespaceName, className, CimInstanceOptions.Full, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<CimInstance> EnumerateInstancesAsync(string namespaceName, string className, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        CimXmlParameter[] common =
        [
            new("ClassName", new CimObjectPath(className)), new("DeepInheritance", options.DeepInheritance),
            new("IncludeClassOrigin", options.IncludeClassOrigin), new("PropertyList", options.PropertyList),
        ];
        return PullAsync<CimInstance>(
            namespaceName,
            new PullOperation("OpenEnumerateInstances", "PullInstancesWithPath", "EnumerateInstances", [.. common, .. Filter(options)], [.. common, new("LocalOnly", false)], options.Filter is not null),
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CimObjectPath> EnumerateInstanceNamesAsync(string namespaceName, string className, CancellationToken cancellationToken)
    {
        CimXmlParameter[] common = [new("ClassName", new CimObjectPath(className))];
        return PullAsync<CimObjectPath>(
            namespaceName, new PullOperation("OpenEnumerateInstancePaths", "PullInstancePaths", "EnumerateInstanceNames", common, common, false), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CimObjectPath> CreateInstanceAsync(string namespaceName, CimInstance newInstance, CancellationToken cancellationToken) =>
        Placed(await GetAsync<CimObjectPath>(namespaceName, "CreateInstance", [new("NewInstance", newInstance)], cancellationToken), namespaceName);

    /// <inheritdoc/>
    public ValueTask ModifyInstanceAsync(string namespaceName, CimInstance modifiedInstance, IReadOnlyList<string>? propertyList, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "ModifyInstance", [new("ModifiedInstance", modifiedInstance), new("PropertyList", propertyList)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteInstanceAsync(string namespaceName, CimObjectPath instanceName, CancellationToken cancellationToken) =>
        RunAsync(namespaceName, "DeleteInstance", [new("InstanceName", instanceName)], cancellationToken);

    /// <summary>One property. It is asked for with GetInstance, for the answer of GetProperty does not tell the type.</summary>
    public async ValueTask<CimProperty> GetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CancellationToken cancellationToken)
    {
        CimInstance instance = await GetInstanceAsync(namespaceName, instanceName, new CimInstanceOptions { PropertyList = [propertyName] }, cancellationToken);
        int index = instance.CimClass.IndexOf(propertyName);
        return index < 0
            ? throw new CimException(CimStatusCode.NoSuchProperty, $"Class {instance.ClassName} has no property {propertyName}.")
            : new CimProperty(instance.CimClass.CimClassProperties[index], instance[index]);
    }

    /// <inheritdoc/>
    public ValueTask SetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CimValue newValue, CancellationToken cancellationToken) =>
        RunAsync(
            namespaceName,
            "SetProperty",
            [new("InstanceName", instanceName), new("PropertyName", propertyName), new("NewValue", newValue.IsNull ? null : (object)newValue)],
            cancellationToken);

    /// <summary>ExecQuery; the language is "WQL" or "DMTF:CQL".</summary>
    public IAsyncEnumerable<CimInstance> QueryInstancesAsync(string namespaceName, string queryLanguage, string query, CancellationToken cancellationToken = default) =>
        ReadAllAsync<CimInstance>(namespaceName, "ExecQuery", [new("QueryLanguage", queryLanguage), new("Query", query)], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CimClass> GetQueryResultClassAsync(string namespaceName, string queryLanguage, string query, CancellationToken cancellationToken)
    {
        const string Operation = "OpenQueryInstances";
        CimXmlParameter[] parameters = [new("FilterQueryLanguage", queryLanguage), new("FilterQuery", query), new("ReturnQueryResultClass", true), new("MaxObjectCount", 0u)];
        await using CimXmlResponseStream response = await CallAsync(namespaceName, Operation, parameters, cancellationToken);
        if (await response.ReadAsync() is { } result)
        {
            throw Unexpected(Operation, result, "no instance, as asked for");
        }

        if (Continuation(response.Parser, Operation) is { } context)
        {
            await RunAsync(namespaceName, "CloseEnumeration", [new("EnumerationContext", context)], cancellationToken);
        }

        return response.Parser.OutParameters["QueryResultClass"]?.Value.AsClass()
            ?? throw new CimSessionException(CimSessionFailure.InvalidAnswer, $"{ComputerName} answered {Operation} without QueryResultClass.");
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CimInstance> AssociatorsAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        CimXmlParameter[] shape = [.. Ends(association), new("IncludeClassOrigin", options.IncludeClassOrigin), new("PropertyList", options.PropertyList)];
        return PullAsync<CimInstance>(
            namespaceName,
            new PullOperation("OpenAssociatorInstances", "PullInstancesWithPath", "Associators", [new("InstanceName", source), .. shape, .. Filter(options)], [new("ObjectName", source), .. shape], options.Filter is not null),
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CimObjectPath> AssociatorNamesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CancellationToken cancellationToken) =>
        PullAsync<CimObjectPath>(
            namespaceName,
            new PullOperation("OpenAssociatorInstancePaths", "PullInstancePaths", "AssociatorNames", [new("InstanceName", source), .. Ends(association)], [new("ObjectName", source), .. Ends(association)], false),
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<CimInstance> ReferencesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        CimXmlParameter[] shape = [.. End(association), new("IncludeClassOrigin", options.IncludeClassOrigin), new("PropertyList", options.PropertyList)];
        return PullAsync<CimInstance>(
            namespaceName,
            new PullOperation("OpenReferenceInstances", "PullInstancesWithPath", "References", [new("InstanceName", source), .. shape, .. Filter(options)], [new("ObjectName", source), .. shape], options.Filter is not null),
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CimObjectPath> ReferenceNamesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CancellationToken cancellationToken) =>
        PullAsync<CimObjectPath>(
            namespaceName,
            new PullOperation("OpenReferenceInstancePaths", "PullInstancePaths", "ReferenceNames", [new("InstanceName", source), .. End(association)], [new("ObjectName", source), .. End(association)], false),
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeMethodAsync(string namespaceName, CimObjectPath target, string methodName, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        CimObjectPath local = target.WithHost(null).WithNamespace(target.Namespace ?? namespaceName);
        var body = new System.Buffers.ArrayBufferWriter<byte>(1024);
        CimXmlRequestWriter.Method(body, NextId(), namespaceName, local, methodName, parameters);
        await using CimXmlResponseStream response = await SendAsync(methodName, local.ToString(), body, cancellationToken);
        return await response.ReadAsync() is { } result
            ? throw Unexpected(methodName, result, "a return value")
            : new CimMethodResult(response.Parser.ReturnValue, response.Parser.OutParameters);
    }

    private static CimXmlParameter[] Filter(CimInstanceOptions options) => options.Filter is null
        ? []
        : [new("FilterQueryLanguage", options.FilterLanguage ?? "DMTF:FQL"), new("FilterQuery", options.Filter)];

    private static CimXmlParameter[] Ends(CimAssociationOptions association) =>
    [
        new("AssocClass", ClassName(association.AssociationClass)), new("ResultClass", ClassName(association.ResultClass)),
        new("Role", association.Role), new("ResultRole", association.ResultRole),
    ];

    private static CimXmlParameter[] End(CimAssociationOptions association) =>
        [new("ResultClass", ClassName(association.AssociationClass)), new("Role", association.Role)];

    private static CimObjectPath? ClassName(string? name) => name is null ? null : new CimObjectPath(name);
}
