using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;

namespace CimHost.Endpoints.CimXml;

/// <content>Pulled enumerations (DSP0200 §5.4.2.24–30).</content>
internal sealed partial class CimXmlOperations
{
    private ValueTask OpenEnumerateInstancesAsync(CimXmlCall call)
    {
        call.Allow("ClassName", "DeepInheritance", "IncludeClassOrigin", "PropertyList", "FilterQueryLanguage", "FilterQuery", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, string className, CimInstanceOptions options) = (Namespace(call), call.RequiredClassName("ClassName"), Filtered(call));
        return OpenAsync(call, PullKinds.InstancesWithPath, token => _cim.EnumerateInstancesAsync(ns, className, options, token));
    }

    private ValueTask OpenEnumerateInstancePathsAsync(CimXmlCall call)
    {
        call.Allow("ClassName", "FilterQueryLanguage", "FilterQuery", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, string className, CimInstanceOptions options) = (Namespace(call), call.RequiredClassName("ClassName"), Filtered(call));
        return OpenAsync(call, PullKinds.Paths, token => options.Filter is null
            ? _cim.EnumerateInstanceNamesAsync(ns, className, token)
            : _cim.EnumerateInstancesAsync(ns, className, options, token).Select(RequirePath));
    }

    private ValueTask OpenAssociatorInstancesAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "AssocClass", "ResultClass", "Role", "ResultRole", "IncludeClassOrigin", "PropertyList", "FilterQueryLanguage", "FilterQuery", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options) = (Namespace(call), call.InstanceName("InstanceName"), AssociatorOptions(call), Filtered(call));
        return OpenAsync(call, PullKinds.InstancesWithPath, token => _cim.AssociatorsAsync(ns, source, association, options, token));
    }

    private ValueTask OpenAssociatorInstancePathsAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "AssocClass", "ResultClass", "Role", "ResultRole", "FilterQueryLanguage", "FilterQuery", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options) = (Namespace(call), call.InstanceName("InstanceName"), AssociatorOptions(call), Filtered(call));
        return OpenAsync(call, PullKinds.Paths, token => options.Filter is null
            ? _cim.AssociatorNamesAsync(ns, source, association, token)
            : _cim.AssociatorsAsync(ns, source, association, options, token).Select(RequirePath));
    }

    private ValueTask OpenReferenceInstancesAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "ResultClass", "Role", "IncludeClassOrigin", "PropertyList", "FilterQueryLanguage", "FilterQuery", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options) = (Namespace(call), call.InstanceName("InstanceName"), ReferenceOptions(call), Filtered(call));
        return OpenAsync(call, PullKinds.InstancesWithPath, token => _cim.ReferencesAsync(ns, source, association, options, token));
    }

    private ValueTask OpenReferenceInstancePathsAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "ResultClass", "Role", "FilterQueryLanguage", "FilterQuery", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options) = (Namespace(call), call.InstanceName("InstanceName"), ReferenceOptions(call), Filtered(call));
        return OpenAsync(call, PullKinds.Paths, token => options.Filter is null
            ? _cim.ReferenceNamesAsync(ns, source, association, token)
            : _cim.ReferencesAsync(ns, source, association, options, token).Select(RequirePath));
    }

    private async ValueTask OpenQueryInstancesAsync(CimXmlCall call)
    {
        call.Allow("FilterQueryLanguage", "FilterQuery", "ReturnQueryResultClass", "OperationTimeout", "ContinueOnError", "MaxObjectCount");
        (string ns, string language, string query) = (Namespace(call), call.RequiredText("FilterQueryLanguage"), call.RequiredText("FilterQuery"));
        CimClass? resultClass = call.Boolean("ReturnQueryResultClass", false) ? await _cim.GetQueryResultClassAsync(ns, language, query, _aborted) : null;
        await OpenAsync(call, PullKinds.Instances, token => _cim.QueryInstancesAsync(ns, language, query, token));
        if (resultClass is not null)
        {
            CimXmlWriter.ClassParameter(_buffer, "QueryResultClass", resultClass);
        }
    }

    private async ValueTask OpenAsync<T>(CimXmlCall call, PullKind<T> kind, Func<CancellationToken, IAsyncEnumerable<T>> open)
    {
        EnumerationContext<T> context = _manager.Enumerations.Open(
            kind.PullOperation, _caller.UserName, open, call.Number("OperationTimeout"), call.Boolean("ContinueOnError", false));
        await ReadAsync(context, call.Number("MaxObjectCount") ?? 0, Namespace(call), kind);
    }

    private ValueTask PullAsync<T>(CimXmlCall call, PullKind<T> kind)
    {
        call.Allow("EnumerationContext", "MaxObjectCount");
        uint count = call.Number("MaxObjectCount") ?? throw CimException.InvalidParameter($"{call.Name} needs the parameter MaxObjectCount.");
        EnumerationContext<T> context = _manager.Enumerations.Find<T>(call.RequiredText("EnumerationContext"), kind.PullOperation, _caller.UserName);
        return ReadAsync(context, count, Namespace(call), kind);
    }

    private ValueTask CloseEnumerationAsync(CimXmlCall call)
    {
        call.Allow("EnumerationContext");
        return _manager.Enumerations.CloseAsync(call.RequiredText("EnumerationContext"), _caller.UserName);
    }

    private async ValueTask EnumerationCountAsync(CimXmlCall call)
    {
        call.Allow("EnumerationContext");
        ulong? count = await _manager.Enumerations.CountAsync(call.RequiredText("EnumerationContext"), _caller.UserName, _aborted);
        _response.StartReturnValue();
        if (count is { } known)
        {
            CimXmlWriter.Value(_buffer, known);
        }
    }

    private async ValueTask ReadAsync<T>(EnumerationContext<T> context, uint count, string ns, PullKind<T> kind)
    {
        var results = new List<T>();
        bool ended = await _manager.Enumerations.PullAsync(context, count, results, _aborted);
        _response.StartReturnValue();
        foreach (T result in results)
        {
            kind.Write(this, result, ns);
            if (_buffer.IsFull)
            {
                await _buffer.SendPartAsync(_aborted);
            }
        }

        _response.EndReturnValue();
        CimXmlWriter.MethodParameter(_buffer, new CimMethodParameter("EndOfSequence", CimType.Boolean, ended));
        CimXmlWriter.MethodParameter(_buffer, new CimMethodParameter("EnumerationContext", CimType.String, ended ? string.Empty : context.Id));
    }

    private static CimInstanceOptions Filtered(CimXmlCall call)
    {
        (string? language, string? filter) = (call.Text("FilterQueryLanguage"), call.Text("FilterQuery"));
        if (string.IsNullOrEmpty(language) != string.IsNullOrEmpty(filter))
        {
            throw CimException.InvalidParameter("FilterQueryLanguage and FilterQuery go together.");
        }

        return InstanceOptions(call) with { FilterLanguage = string.IsNullOrEmpty(language) ? null : language, Filter = string.IsNullOrEmpty(filter) ? null : filter };
    }

    /// <summary>What a pull operation reads and how one result is written.</summary>
    private sealed record PullKind<T>(string PullOperation, Action<CimXmlOperations, T, string> Write);

    private static class PullKinds
    {
        public static readonly PullKind<CimInstance> InstancesWithPath = new("PullInstancesWithPath", static (o, instance, ns) =>
        {
            XmlText.Raw(o._buffer, "<VALUE.INSTANCEWITHPATH>"u8);
            CimXmlWriter.FullPath(o._buffer, RequirePath(instance), o._host, ns);
            CimXmlWriter.SharedInstance(o._buffer, instance);
            XmlText.Raw(o._buffer, "</VALUE.INSTANCEWITHPATH>"u8);
        });

        public static readonly PullKind<CimInstance> Instances = new("PullInstances", static (o, instance, _) => CimXmlWriter.SharedInstance(o._buffer, instance));

        public static readonly PullKind<CimObjectPath> Paths = new("PullInstancePaths", static (o, path, ns) => CimXmlWriter.FullPath(o._buffer, path, o._host, ns));
    }
}
