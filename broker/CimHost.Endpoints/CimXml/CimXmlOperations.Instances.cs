using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;

namespace CimHost.Endpoints.CimXml;

/// <content>
/// Instances, queries and associations. LocalOnly and IncludeQualifiers of these operations are accepted and have no effect: DSP0200 1.4
/// deprecates both, and honouring the old default of LocalOnly would hide inherited properties.
/// </content>
internal sealed partial class CimXmlOperations
{
    private async ValueTask GetInstanceAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "LocalOnly", "IncludeQualifiers", "IncludeClassOrigin", "PropertyList");
        CimInstanceOptions options = InstanceOptions(call);
        CimInstance instance = await _cim.GetInstanceAsync(Namespace(call), call.InstanceName("InstanceName"), options, _aborted);
        _response.StartReturnValue();
        WriteInstance(instance, options.IncludeClassOrigin);
    }

    private ValueTask EnumerateInstancesAsync(CimXmlCall call)
    {
        call.Allow("ClassName", "LocalOnly", "DeepInheritance", "IncludeQualifiers", "IncludeClassOrigin", "PropertyList");
        CimInstanceOptions options = InstanceOptions(call);
        return WriteAllAsync(
            _cim.EnumerateInstancesAsync(Namespace(call), call.RequiredClassName("ClassName"), options, _aborted),
            instance => WriteNamedInstance(instance, options.IncludeClassOrigin));
    }

    private ValueTask EnumerateInstanceNamesAsync(CimXmlCall call)
    {
        call.Allow("ClassName");
        return WriteAllAsync(
            _cim.EnumerateInstanceNamesAsync(Namespace(call), call.RequiredClassName("ClassName"), _aborted),
            path => CimXmlWriter.SharedInstanceName(_buffer, path));
    }

    private async ValueTask CreateInstanceAsync(CimXmlCall call)
    {
        call.Allow("NewInstance");
        CimObjectPath path = await _cim.CreateInstanceAsync(Namespace(call), call.Instance("NewInstance"), _aborted);
        _response.StartReturnValue();
        CimXmlWriter.InstanceName(_buffer, path);
    }

    private ValueTask ModifyInstanceAsync(CimXmlCall call)
    {
        call.Allow("ModifiedInstance", "IncludeQualifiers", "PropertyList");
        return _cim.ModifyInstanceAsync(Namespace(call), call.Instance("ModifiedInstance"), call.TextList("PropertyList"), _aborted);
    }

    private ValueTask DeleteInstanceAsync(CimXmlCall call)
    {
        call.Allow("InstanceName");
        return _cim.DeleteInstanceAsync(Namespace(call), call.InstanceName("InstanceName"), _aborted);
    }

    private async ValueTask GetPropertyAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "PropertyName");
        CimProperty property = await _cim.GetPropertyAsync(Namespace(call), call.InstanceName("InstanceName"), call.RequiredText("PropertyName"), _aborted);
        _response.StartReturnValue();
        CimXmlWriter.Value(_buffer, property.CimValue);
    }

    private ValueTask SetPropertyAsync(CimXmlCall call)
    {
        call.Allow("InstanceName", "PropertyName", "NewValue");
        return _cim.SetPropertyAsync(Namespace(call), call.InstanceName("InstanceName"), call.RequiredText("PropertyName"), call.PropertyValue("NewValue"), _aborted);
    }

    private ValueTask ExecQueryAsync(CimXmlCall call)
    {
        call.Allow("QueryLanguage", "Query");
        string ns = Namespace(call);
        return WriteAllAsync(
            _cim.QueryInstancesAsync(ns, call.RequiredText("QueryLanguage"), call.RequiredText("Query"), _aborted),
            instance =>
            {
                if (instance.Path is not null)
                {
                    WriteObjectWithPath(instance, ns, false);
                    return;
                }

                XmlText.Raw(_buffer, "<VALUE.OBJECT>"u8);
                WriteInstance(instance, false);
                XmlText.Raw(_buffer, "</VALUE.OBJECT>"u8);
            });
    }

    private ValueTask AssociatorsAsync(CimXmlCall call)
    {
        call.Allow("ObjectName", "AssocClass", "ResultClass", "Role", "ResultRole", "IncludeQualifiers", "IncludeClassOrigin", "PropertyList");
        CimObjectPath source = call.ObjectName("ObjectName");
        CimInstanceOptions options = InstanceOptions(call);
        string ns = Namespace(call);
        return source.IsClassPath
            ? WriteAllAsync(_cim.AssociatorClassesAsync(ns, source.ClassName, AssociatorOptions(call), AssociatedClassOptions(call), _aborted), c => WriteClassWithPath(c, ns, options.IncludeClassOrigin))
            : WriteAllAsync(_cim.AssociatorsAsync(ns, source, AssociatorOptions(call), options, _aborted), i => WriteObjectWithPath(i, ns, options.IncludeClassOrigin));
    }

    private ValueTask AssociatorNamesAsync(CimXmlCall call)
    {
        call.Allow("ObjectName", "AssocClass", "ResultClass", "Role", "ResultRole");
        CimObjectPath source = call.ObjectName("ObjectName");
        string ns = Namespace(call);
        return source.IsClassPath
            ? WriteAllAsync(_cim.AssociatorClassesAsync(ns, source.ClassName, AssociatorOptions(call), CimClassOptions.Full, _aborted), c => WriteObjectPath(new CimObjectPath(c.ClassName), ns))
            : WriteAllAsync(_cim.AssociatorNamesAsync(ns, source, AssociatorOptions(call), _aborted), p => WriteObjectPath(p, ns));
    }

    private ValueTask ReferencesAsync(CimXmlCall call)
    {
        call.Allow("ObjectName", "ResultClass", "Role", "IncludeQualifiers", "IncludeClassOrigin", "PropertyList");
        CimObjectPath source = call.ObjectName("ObjectName");
        CimInstanceOptions options = InstanceOptions(call);
        string ns = Namespace(call);
        return source.IsClassPath
            ? WriteAllAsync(_cim.ReferenceClassesAsync(ns, source.ClassName, ReferenceOptions(call), AssociatedClassOptions(call), _aborted), c => WriteClassWithPath(c, ns, options.IncludeClassOrigin))
            : WriteAllAsync(_cim.ReferencesAsync(ns, source, ReferenceOptions(call), options, _aborted), i => WriteObjectWithPath(i, ns, options.IncludeClassOrigin));
    }

    private ValueTask ReferenceNamesAsync(CimXmlCall call)
    {
        call.Allow("ObjectName", "ResultClass", "Role");
        CimObjectPath source = call.ObjectName("ObjectName");
        string ns = Namespace(call);
        return source.IsClassPath
            ? WriteAllAsync(_cim.ReferenceClassesAsync(ns, source.ClassName, ReferenceOptions(call), CimClassOptions.Full, _aborted), c => WriteObjectPath(new CimObjectPath(c.ClassName), ns))
            : WriteAllAsync(_cim.ReferenceNamesAsync(ns, source, ReferenceOptions(call), _aborted), p => WriteObjectPath(p, ns));
    }

    private static CimInstanceOptions InstanceOptions(CimXmlCall call) => new()
    {
        DeepInheritance = call.Boolean("DeepInheritance", true),
        IncludeClassOrigin = call.Boolean("IncludeClassOrigin", false),
        PropertyList = call.TextList("PropertyList"),
    };

    private static CimClassOptions AssociatedClassOptions(CimXmlCall call) => new()
    {
        IncludeQualifiers = call.Boolean("IncludeQualifiers", false),
        IncludeClassOrigin = call.Boolean("IncludeClassOrigin", false),
        PropertyList = call.TextList("PropertyList"),
    };

    private static CimAssociationOptions AssociatorOptions(CimXmlCall call) => new()
    {
        AssociationClass = call.ClassName("AssocClass"),
        ResultClass = call.ClassName("ResultClass"),
        Role = call.Text("Role"),
        ResultRole = call.Text("ResultRole"),
    };

    private static CimAssociationOptions ReferenceOptions(CimXmlCall call) => new() { AssociationClass = call.ClassName("ResultClass"), Role = call.Text("Role") };

    private void WriteObjectPath(CimObjectPath path, string ns) => CimXmlWriter.ObjectPath(_buffer, path, _host, ns);

    private void WriteClassWithPath(CimClass cimClass, string ns, bool includeClassOrigin)
    {
        XmlText.Raw(_buffer, "<VALUE.OBJECTWITHPATH>"u8);
        CimXmlWriter.FullPath(_buffer, new CimObjectPath(cimClass.ClassName), _host, ns);
        CimXmlWriter.Class(_buffer, cimClass, includeClassOrigin);
        XmlText.Raw(_buffer, "</VALUE.OBJECTWITHPATH>"u8);
    }
}
