namespace CimHost.Benchmarks;

/// <summary>One kind of request under load.</summary>
/// <param name="Name">What is asked for.</param>
/// <param name="Method">CIM operation.</param>
/// <param name="Body">The request.</param>
/// <param name="ExpectedElement">Element that the answer holds...</param>
/// <param name="ExpectedCount">... so many times: an answer that is wrong or empty is not fast.</param>
internal sealed record BenchmarkCase(string Name, string Method, string Body, string ExpectedElement, int ExpectedCount)
{
    /// <summary>The cases: one instance, few, a thousand; names; a class.</summary>
    public static IReadOnlyList<BenchmarkCase> All { get; } =
    [
        new("GetInstance of 5", "GetInstance", Instance("PERF_Few", "sensor-0001"), "<INSTANCE ", 1),
        new("GetInstance of 1,000", "GetInstance", Instance("PERF_Sensor", "sensor-0500"), "<INSTANCE ", 1),
        new("EnumerateInstances x5", "EnumerateInstances", Class("EnumerateInstances", "PERF_Few"), "<INSTANCE ", 5),
        new("EnumerateInstances x1,000", "EnumerateInstances", Class("EnumerateInstances", "PERF_Sensor"), "<INSTANCE ", 1000),
        new("EnumerateInstanceNames x1,000", "EnumerateInstanceNames", Class("EnumerateInstanceNames", "PERF_Sensor"), "<INSTANCENAME ", 1000),
        new("GetClass", "GetClass", Class("GetClass", "PERF_Sensor", "<IPARAMVALUE NAME=\"LocalOnly\"><VALUE>FALSE</VALUE></IPARAMVALUE>"), "<PROPERTY", 10),
    ];

    /// <summary>EnumerateInstances of a class.</summary>
    public static string Enumerate(string className) => Class("EnumerateInstances", className);

    private static string Class(string method, string className, string more = "") => Message(method, $"<IPARAMVALUE NAME=\"ClassName\"><CLASSNAME NAME=\"{className}\"/></IPARAMVALUE>{more}");

    private static string Instance(string className, string deviceId) => Message(
        "GetInstance",
        $"<IPARAMVALUE NAME=\"InstanceName\"><INSTANCENAME CLASSNAME=\"{className}\"><KEYBINDING NAME=\"DeviceID\"><KEYVALUE VALUETYPE=\"string\">{deviceId}</KEYVALUE></KEYBINDING></INSTANCENAME></IPARAMVALUE>");

    private static string Message(string method, string parameters) =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1001\" PROTOCOLVERSION=\"1.0\"><SIMPLEREQ>"
        + $"<IMETHODCALL NAME=\"{method}\"><LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/><NAMESPACE NAME=\"cimv2\"/></LOCALNAMESPACEPATH>{parameters}</IMETHODCALL></SIMPLEREQ></MESSAGE></CIM>";
}
