using System.Buffers;
using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Tests.Client;

/// <summary>CIM objects as the XML of answers.</summary>
internal static class WireXml
{
    /// <summary>A fan with a key, a reading and a status.</summary>
    public static CimInstance Fan(string id, ushort speed)
    {
        var key = new CimPropertyDeclaration { Name = "DeviceID", CimType = CimType.String, Qualifiers = new([new CimQualifier("Key", CimType.Boolean, true)]) };
        var fan = new CimInstance(new CimClass("CIM_Fan", null, [key, new() { Name = "Speed", CimType = CimType.UInt16 }, new() { Name = "Caption", CimType = CimType.String }]), "root/cimv2");
        fan["DeviceID"] = id;
        fan["Speed"] = speed;
        return fan;
    }

    public static string WithPath(CimInstance instance) =>
        $"<VALUE.INSTANCEWITHPATH>{Text(w => CimXmlWriter.FullPath(w, instance.Path!, "server", "root/cimv2"))}{Text(w => CimXmlWriter.Instance(w, instance))}</VALUE.INSTANCEWITHPATH>";

    public static string Named(CimInstance instance) =>
        $"<VALUE.NAMEDINSTANCE>{Text(w => CimXmlWriter.InstanceName(w, instance.Path!))}{Text(w => CimXmlWriter.Instance(w, instance))}</VALUE.NAMEDINSTANCE>";

    /// <summary>IRETURNVALUE and the parameters of a pull.</summary>
    public static string Pulled(string objects, string? context) =>
        $"<IRETURNVALUE>{objects}</IRETURNVALUE><PARAMVALUE NAME=\"EndOfSequence\" PARAMTYPE=\"boolean\"><VALUE>{(context is null ? "TRUE" : "FALSE")}</VALUE></PARAMVALUE><PARAMVALUE NAME=\"EnumerationContext\" PARAMTYPE=\"string\"><VALUE>{context}</VALUE></PARAMVALUE>";

    public static string Error(int code, string description) => $"<ERROR CODE=\"{code}\" DESCRIPTION=\"{description}\"/>";

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
