using System.Security;

namespace CimHost.TestBed;

/// <summary>CIM-XML requests as text, made without the product's own writer, so that a mistake there does not hide one in its reader.</summary>
public static class CimXmlMessage
{
    /// <summary>A class for tests: a key, a number, an array of texts, a time.</summary>
    public static string ClassDeclaration(string name) =>
        $"""
        <CLASS NAME="{name}">
        <PROPERTY NAME="Id" TYPE="string"><QUALIFIER NAME="Key" TYPE="boolean" OVERRIDABLE="false"><VALUE>TRUE</VALUE></QUALIFIER></PROPERTY>
        <PROPERTY NAME="Count" TYPE="uint32"></PROPERTY>
        <PROPERTY.ARRAY NAME="Tags" TYPE="string"></PROPERTY.ARRAY>
        <PROPERTY NAME="Since" TYPE="datetime"></PROPERTY>
        </CLASS>
        """;

    /// <summary>An instance of that class.</summary>
    public static string Instance(string className, string id, uint count, params string[] tags) =>
        $"""
        <INSTANCE CLASSNAME="{className}">
        <PROPERTY NAME="Id" TYPE="string"><VALUE>{SecurityElement.Escape(id)}</VALUE></PROPERTY>
        <PROPERTY NAME="Count" TYPE="uint32"><VALUE>{count}</VALUE></PROPERTY>
        <PROPERTY.ARRAY NAME="Tags" TYPE="string"><VALUE.ARRAY>{string.Concat(tags.Select(t => $"<VALUE>{SecurityElement.Escape(t)}</VALUE>"))}</VALUE.ARRAY></PROPERTY.ARRAY>
        </INSTANCE>
        """;

    /// <summary>The name of an instance with text keys.</summary>
    public static string InstanceName(string className, params (string Name, string Value)[] keys) =>
        $"""<INSTANCENAME CLASSNAME="{className}">{string.Concat(keys.Select(k => $"""<KEYBINDING NAME="{k.Name}"><KEYVALUE VALUETYPE="string">{SecurityElement.Escape(k.Value)}</KEYVALUE></KEYBINDING>"""))}</INSTANCENAME>""";

    /// <summary>A class name as a parameter's value.</summary>
    public static string ClassName(string name) => $"""<CLASSNAME NAME="{name}"/>""";

    /// <summary>A plain value.</summary>
    public static string Value(string value) => $"<VALUE>{SecurityElement.Escape(value)}</VALUE>";

    /// <summary>An intrinsic method call.</summary>
    public static string Call(string ns, string method, params (string Name, string Xml)[] parameters) =>
        Message($"""<SIMPLEREQ><IMETHODCALL NAME="{method}">{NamespacePath(ns)}{Parameters(parameters)}</IMETHODCALL></SIMPLEREQ>""");

    /// <summary>A call of a method of an instance, whose name is that of <see cref="InstanceName"/>.</summary>
    public static string MethodCall(string ns, string instanceName, string method, params (string Name, string Type, string Xml)[] parameters) => Message(
        $"""<SIMPLEREQ><METHODCALL NAME="{method}"><LOCALINSTANCEPATH>{NamespacePath(ns)}{instanceName}</LOCALINSTANCEPATH>"""
        + string.Concat(parameters.Select(p => $"""<PARAMVALUE NAME="{p.Name}" PARAMTYPE="{p.Type}">{p.Xml}</PARAMVALUE>""")) + "</METHODCALL></SIMPLEREQ>");

    /// <summary>Several intrinsic calls in one message.</summary>
    public static string Multiple(params (string Ns, string Method, (string Name, string Xml)[] Parameters)[] calls) => Message(
        "<MULTIREQ>" + string.Concat(calls.Select(c => $"""<SIMPLEREQ><IMETHODCALL NAME="{c.Method}">{NamespacePath(c.Ns)}{Parameters(c.Parameters)}</IMETHODCALL></SIMPLEREQ>""")) + "</MULTIREQ>");

    /// <summary>A whole document around what is in the message.</summary>
    public static string Message(string inner) =>
        $"""<?xml version="1.0" encoding="utf-8"?><CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="4711" PROTOCOLVERSION="1.0">{inner}</MESSAGE></CIM>""";

    /// <summary>A local namespace path.</summary>
    public static string NamespacePath(string ns) =>
        $"<LOCALNAMESPACEPATH>{string.Concat(ns.Split('/').Select(n => $"""<NAMESPACE NAME="{n}"/>"""))}</LOCALNAMESPACEPATH>";

    private static string Parameters((string Name, string Xml)[] parameters) =>
        string.Concat(parameters.Select(p => $"""<IPARAMVALUE NAME="{p.Name}">{p.Xml}</IPARAMVALUE>"""));
}
