using System.Collections.Frozen;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;
using Microsoft.Extensions.Logging;

namespace CimHost.Endpoints.CimXml;

/// <summary>
/// Carries out the calls of one message: takes the parameters that DSP0200 §5.4.2 gives each operation, asks the object manager and writes
/// what comes back.
/// </summary>
internal sealed partial class CimXmlOperations
{
    private static readonly FrozenDictionary<string, Func<CimXmlOperations, CimXmlCall, ValueTask>> s_operations =
        new Dictionary<string, Func<CimXmlOperations, CimXmlCall, ValueTask>>
        {
            ["GetClass"] = (o, c) => o.GetClassAsync(c),
            ["EnumerateClasses"] = (o, c) => o.EnumerateClassesAsync(c),
            ["EnumerateClassNames"] = (o, c) => o.EnumerateClassNamesAsync(c),
            ["CreateClass"] = (o, c) => o.CreateClassAsync(c),
            ["ModifyClass"] = (o, c) => o.ModifyClassAsync(c),
            ["DeleteClass"] = (o, c) => o.DeleteClassAsync(c),
            ["GetQualifier"] = (o, c) => o.GetQualifierAsync(c),
            ["EnumerateQualifiers"] = (o, c) => o.EnumerateQualifiersAsync(c),
            ["SetQualifier"] = (o, c) => o.SetQualifierAsync(c),
            ["DeleteQualifier"] = (o, c) => o.DeleteQualifierAsync(c),
            ["GetInstance"] = (o, c) => o.GetInstanceAsync(c),
            ["EnumerateInstances"] = (o, c) => o.EnumerateInstancesAsync(c),
            ["EnumerateInstanceNames"] = (o, c) => o.EnumerateInstanceNamesAsync(c),
            ["CreateInstance"] = (o, c) => o.CreateInstanceAsync(c),
            ["ModifyInstance"] = (o, c) => o.ModifyInstanceAsync(c),
            ["DeleteInstance"] = (o, c) => o.DeleteInstanceAsync(c),
            ["GetProperty"] = (o, c) => o.GetPropertyAsync(c),
            ["SetProperty"] = (o, c) => o.SetPropertyAsync(c),
            ["ExecQuery"] = (o, c) => o.ExecQueryAsync(c),
            ["Associators"] = (o, c) => o.AssociatorsAsync(c),
            ["AssociatorNames"] = (o, c) => o.AssociatorNamesAsync(c),
            ["References"] = (o, c) => o.ReferencesAsync(c),
            ["ReferenceNames"] = (o, c) => o.ReferenceNamesAsync(c),
            ["OpenEnumerateInstances"] = (o, c) => o.OpenEnumerateInstancesAsync(c),
            ["OpenEnumerateInstancePaths"] = (o, c) => o.OpenEnumerateInstancePathsAsync(c),
            ["OpenAssociatorInstances"] = (o, c) => o.OpenAssociatorInstancesAsync(c),
            ["OpenAssociatorInstancePaths"] = (o, c) => o.OpenAssociatorInstancePathsAsync(c),
            ["OpenReferenceInstances"] = (o, c) => o.OpenReferenceInstancesAsync(c),
            ["OpenReferenceInstancePaths"] = (o, c) => o.OpenReferenceInstancePathsAsync(c),
            ["OpenQueryInstances"] = (o, c) => o.OpenQueryInstancesAsync(c),
            ["PullInstancesWithPath"] = (o, c) => o.PullAsync(c, PullKinds.InstancesWithPath),
            ["PullInstances"] = (o, c) => o.PullAsync(c, PullKinds.Instances),
            ["PullInstancePaths"] = (o, c) => o.PullAsync(c, PullKinds.Paths),
            ["CloseEnumeration"] = (o, c) => o.CloseEnumerationAsync(c),
            ["EnumerationCount"] = (o, c) => o.EnumerationCountAsync(c),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly CimObjectManager _manager;
    private readonly CimCaller _caller;
    private readonly ICimOperations _cim;
    private readonly CimXmlResponse _response;
    private readonly ResponseBuffer _buffer;
    private readonly string _host;
    private readonly ILogger _logger;
    private readonly CancellationToken _aborted;

    public CimXmlOperations(CimObjectManager manager, CimCaller caller, CimXmlResponse response, string host, ILogger logger, CancellationToken aborted)
    {
        _manager = manager;
        _caller = caller;
        _cim = manager.For(caller);
        _response = response;
        _buffer = response.Buffer;
        _host = host;
        _logger = logger;
        _aborted = aborted;
    }

    /// <summary>Carries out one call and writes its answer; when its message could not be read whole nothing is carried out and this is the answer.</summary>
    public async ValueTask RunAsync(CimXmlCall call, CimException? unreadable)
    {
        _response.StartCall(call);
        try
        {
            if (unreadable is not null)
            {
                throw new CimException(unreadable.Status, unreadable.Message, unreadable);
            }

            if (!call.IsIntrinsic)
            {
                await InvokeMethodAsync(call);
            }
            else if (s_operations.TryGetValue(call.Name, out Func<CimXmlOperations, CimXmlCall, ValueTask>? operation))
            {
                await operation(this, call);
            }
            else
            {
                throw CimException.NotSupported($"There is no operation {call.Name}.");
            }
        }
        catch (CimException e)
        {
            OperationFailed(call.Name, e.StatusName, e.Message);
            _response.Fail(e);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_aborted.IsCancellationRequested)
        {
            InternalError(call.Name, e);
            _response.Fail(CimException.Failed($"{call.Name} met an error inside CimHost; the host's log tells more."));
        }

        _response.EndCall();
    }

    private static string Namespace(CimXmlCall call) => call.Namespace ?? throw new CimException(CimStatusCode.InvalidNamespace, $"{call.Name} names no namespace.");

    private async ValueTask InvokeMethodAsync(CimXmlCall call)
    {
        CimObjectPath target = call.Target ?? throw CimException.InvalidParameter($"The call of method {call.Name} names no object.");
        CimMethodResult result = await _cim.InvokeMethodAsync(Namespace(call), target, call.Name, new CimNamedList<CimMethodParameter>(call.MethodParameters), _aborted);
        CimXmlWriter.ReturnValue(_buffer, result.ReturnValue.Type, result.ReturnValue);
        foreach (CimMethodParameter parameter in result.OutParameters.AsSpan())
        {
            CimXmlWriter.MethodParameter(_buffer, parameter);
        }
    }

    // Writes a sequence of results, sending parts as the buffer fills.
    private async ValueTask WriteAllAsync<T>(IAsyncEnumerable<T> results, Action<T> write)
    {
        await foreach (T result in results.WithCancellation(_aborted))
        {
            _response.StartReturnValue();
            write(result);
            if (_buffer.IsFull)
            {
                await _buffer.SendPartAsync(_aborted);
            }
        }

        _response.StartReturnValue();
    }

    private void WriteNamedInstance(CimInstance instance, bool includeClassOrigin)
    {
        XmlText.Raw(_buffer, "<VALUE.NAMEDINSTANCE>"u8);
        CimXmlWriter.SharedInstanceName(_buffer, RequirePath(instance));
        WriteInstance(instance, includeClassOrigin);
        XmlText.Raw(_buffer, "</VALUE.NAMEDINSTANCE>"u8);
    }

    private void WriteObjectWithPath(CimInstance instance, string ns, bool includeClassOrigin)
    {
        XmlText.Raw(_buffer, "<VALUE.OBJECTWITHPATH>"u8);
        CimXmlWriter.FullPath(_buffer, RequirePath(instance), _host, ns);
        WriteInstance(instance, includeClassOrigin);
        XmlText.Raw(_buffer, "</VALUE.OBJECTWITHPATH>"u8);
    }

    private void WriteInstance(CimInstance instance, bool includeClassOrigin)
    {
        if (includeClassOrigin)
        {
            CimXmlWriter.Instance(_buffer, instance, includeClassOrigin: true);
        }
        else
        {
            CimXmlWriter.SharedInstance(_buffer, instance);
        }
    }

    private static CimObjectPath RequirePath(CimInstance instance) =>
        instance.Path ?? throw CimException.Failed($"An instance of {instance.ClassName} has no complete keys.");

    [LoggerMessage(4001, LogLevel.Debug, "{Operation} failed: {Status} {Reason}")]
    private partial void OperationFailed(string operation, string status, string reason);

    [LoggerMessage(4002, LogLevel.Error, "{Operation} met an internal error")]
    private partial void InternalError(string operation, Exception exception);
}
