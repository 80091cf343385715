using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;

namespace CimHost.Endpoints.CimXml;

/// <content>Classes and qualifier declarations.</content>
internal sealed partial class CimXmlOperations
{
    private async ValueTask GetClassAsync(CimXmlCall call)
    {
        call.Allow("ClassName", "LocalOnly", "IncludeQualifiers", "IncludeClassOrigin", "PropertyList");
        CimClassOptions options = ClassOptions(call) with { PropertyList = call.TextList("PropertyList") };
        CimClass cimClass = await _cim.GetClassAsync(Namespace(call), call.RequiredClassName("ClassName"), options, _aborted);
        _response.StartReturnValue();
        WriteClass(cimClass, options.IncludeClassOrigin, isShared: true);
    }

    private ValueTask EnumerateClassesAsync(CimXmlCall call)
    {
        call.Allow("ClassName", "DeepInheritance", "LocalOnly", "IncludeQualifiers", "IncludeClassOrigin");
        CimClassOptions options = ClassOptions(call);
        return WriteAllAsync(
            _cim.EnumerateClassesAsync(Namespace(call), OptionalClass(call), call.Boolean("DeepInheritance", false), options, _aborted),
            cimClass => WriteClass(cimClass, options.IncludeClassOrigin, isShared: false));
    }

    private ValueTask EnumerateClassNamesAsync(CimXmlCall call)
    {
        call.Allow("ClassName", "DeepInheritance");
        return WriteAllAsync(
            _cim.EnumerateClassNamesAsync(Namespace(call), OptionalClass(call), call.Boolean("DeepInheritance", false), _aborted),
            name => CimXmlWriter.ClassName(_buffer, name));
    }

    private ValueTask CreateClassAsync(CimXmlCall call)
    {
        call.Allow("NewClass");
        return _cim.CreateClassAsync(Namespace(call), call.Class("NewClass"), _aborted);
    }

    private ValueTask ModifyClassAsync(CimXmlCall call)
    {
        call.Allow("ModifiedClass");
        return _cim.ModifyClassAsync(Namespace(call), call.Class("ModifiedClass"), _aborted);
    }

    private ValueTask DeleteClassAsync(CimXmlCall call)
    {
        call.Allow("ClassName");
        return _cim.DeleteClassAsync(Namespace(call), call.RequiredClassName("ClassName"), _aborted);
    }

    private async ValueTask GetQualifierAsync(CimXmlCall call)
    {
        call.Allow("QualifierName");
        CimQualifierDeclaration declaration = await _cim.GetQualifierAsync(Namespace(call), call.RequiredText("QualifierName"), _aborted);
        _response.StartReturnValue();
        CimXmlWriter.QualifierDeclaration(_buffer, declaration);
    }

    private ValueTask EnumerateQualifiersAsync(CimXmlCall call)
    {
        call.Allow();
        return WriteAllAsync(_cim.EnumerateQualifiersAsync(Namespace(call), _aborted), declaration => CimXmlWriter.QualifierDeclaration(_buffer, declaration));
    }

    private ValueTask SetQualifierAsync(CimXmlCall call)
    {
        call.Allow("QualifierDeclaration");
        return _cim.SetQualifierAsync(Namespace(call), call.Qualifier("QualifierDeclaration"), _aborted);
    }

    private ValueTask DeleteQualifierAsync(CimXmlCall call)
    {
        call.Allow("QualifierName");
        return _cim.DeleteQualifierAsync(Namespace(call), call.RequiredText("QualifierName"), _aborted);
    }

    // An empty class name is what some clients send for "from the root".
    private static string? OptionalClass(CimXmlCall call) => call.ClassName("ClassName") is { Length: > 0 } name ? name : null;

    private static CimClassOptions ClassOptions(CimXmlCall call) => new()
    {
        LocalOnly = call.Boolean("LocalOnly", true),
        IncludeQualifiers = call.Boolean("IncludeQualifiers", true),
        IncludeClassOrigin = call.Boolean("IncludeClassOrigin", false),
    };

    private void WriteClass(CimClass cimClass, bool includeClassOrigin, bool isShared)
    {
        if (isShared && !includeClassOrigin)
        {
            CimXmlWriter.SharedClass(_buffer, cimClass);
        }
        else
        {
            CimXmlWriter.Class(_buffer, cimClass, includeClassOrigin);
        }
    }
}
