using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>
/// One host without hardware for the tests with wbemcli: the sample package for methods, and in a namespace of its own classes with known
/// instances: <c>TEST_Part</c>, its subclass <c>TEST_Disk</c>, and the association <c>TEST_Holds</c>.
/// </summary>
public sealed class WbemHost : IAsyncLifetime
{
    /// <summary>Namespace of the test classes.</summary>
    public const string Namespace = "root/test";

    private readonly TemporaryDirectory _noHardware = new();

    /// <summary>The host.</summary>
    public HostProcess Host { get; private set; } = null!;

    /// <summary>The client under which it is looked at.</summary>
    public Wbemcli Client { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Peer.WhySkipped(["wbemcli"]) is not null)
        {
            return;
        }

        string sample = Path.GetDirectoryName(Path.GetDirectoryName(RepositoryRoot.Built("samples/HelloProvider", "HelloProvider.dll")))!;
        Host = await HostProcess.StartAsync(new HostSettings { SystemRoot = _noHardware.FullName, Arguments = [$"--ProviderDirectories:0={sample}"] });
        Client = Wbemcli.Of(Host);
        using CimXmlClient setUp = CimXmlClient.Of(Host);
        string ns = $"""<INSTANCE CLASSNAME="CIM_Namespace"><PROPERTY NAME="Name" TYPE="string"><VALUE>{Namespace}</VALUE></PROPERTY></INSTANCE>""";
        (await setUp.CallAsync("interop", "CreateInstance", ("NewInstance", ns))).Succeeded();
        foreach (string qualifier in new[] { Qualifier("Key", "PROPERTY=\"true\" REFERENCE=\"true\"", "false"), Qualifier("Association", "ASSOCIATION=\"true\"", "false") })
        {
            (await setUp.CallAsync(Namespace, "SetQualifier", ("QualifierDeclaration", qualifier))).Succeeded();
        }

        foreach (string cimClass in s_classes)
        {
            (await setUp.CallAsync(Namespace, "CreateClass", ("NewClass", cimClass))).Succeeded();
        }

        foreach (string instance in Instances())
        {
            (await setUp.CallAsync(Namespace, "CreateInstance", ("NewInstance", instance))).Succeeded();
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        _noHardware.Dispose();
    }

    private static string Qualifier(string name, string scopes, string overridable) =>
        $"""<QUALIFIER.DECLARATION NAME="{name}" TYPE="boolean" OVERRIDABLE="{overridable}" TOSUBCLASS="true"><SCOPE {scopes}/><VALUE>FALSE</VALUE></QUALIFIER.DECLARATION>""";

    private const string Key = """<QUALIFIER NAME="Key" TYPE="boolean" OVERRIDABLE="false"><VALUE>TRUE</VALUE></QUALIFIER>""";

    private static readonly string[] s_classes =
    [
        $"""
        <CLASS NAME="TEST_Part">
        <PROPERTY NAME="Id" TYPE="string">{Key}</PROPERTY>
        <PROPERTY NAME="Count" TYPE="uint32"></PROPERTY>
        <PROPERTY NAME="Offset" TYPE="sint64"></PROPERTY>
        <PROPERTY NAME="Ratio" TYPE="real64"></PROPERTY>
        <PROPERTY NAME="Works" TYPE="boolean"></PROPERTY>
        <PROPERTY NAME="Since" TYPE="datetime"></PROPERTY>
        <PROPERTY NAME="Note" TYPE="string"></PROPERTY>
        <PROPERTY.ARRAY NAME="Tags" TYPE="string"></PROPERTY.ARRAY>
        <PROPERTY.ARRAY NAME="Levels" TYPE="uint16"></PROPERTY.ARRAY>
        </CLASS>
        """,
        """<CLASS NAME="TEST_Disk" SUPERCLASS="TEST_Part"><PROPERTY NAME="Blocks" TYPE="uint64"></PROPERTY></CLASS>""",
        $"""
        <CLASS NAME="TEST_Holds">
        <QUALIFIER NAME="Association" TYPE="boolean" OVERRIDABLE="false"><VALUE>TRUE</VALUE></QUALIFIER>
        <PROPERTY.REFERENCE NAME="Holder" REFERENCECLASS="TEST_Part">{Key}</PROPERTY.REFERENCE>
        <PROPERTY.REFERENCE NAME="Held" REFERENCECLASS="TEST_Part">{Key}</PROPERTY.REFERENCE>
        <PROPERTY NAME="Slot" TYPE="uint8"></PROPERTY>
        </CLASS>
        """,
    ];

    private static IEnumerable<string> Instances()
    {
        yield return """
            <INSTANCE CLASSNAME="TEST_Part">
            <PROPERTY NAME="Id" TYPE="string"><VALUE>shelf</VALUE></PROPERTY>
            <PROPERTY NAME="Count" TYPE="uint32"><VALUE>4294967295</VALUE></PROPERTY>
            <PROPERTY NAME="Offset" TYPE="sint64"><VALUE>-9223372036854775808</VALUE></PROPERTY>
            <PROPERTY NAME="Ratio" TYPE="real64"><VALUE>0.1</VALUE></PROPERTY>
            <PROPERTY NAME="Works" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY>
            <PROPERTY NAME="Since" TYPE="datetime"><VALUE>20260102030405.678901+060</VALUE></PROPERTY>
            <PROPERTY NAME="Note" TYPE="string"><VALUE>a &lt;b&gt; &amp; "c" ü</VALUE></PROPERTY>
            <PROPERTY.ARRAY NAME="Tags" TYPE="string"><VALUE.ARRAY><VALUE>one</VALUE><VALUE>two</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>
            <PROPERTY.ARRAY NAME="Levels" TYPE="uint16"><VALUE.ARRAY><VALUE>2</VALUE><VALUE>3</VALUE><VALUE>5</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>
            </INSTANCE>
            """;
        foreach (int number in new[] { 1, 2 })
        {
            yield return $"""
                <INSTANCE CLASSNAME="TEST_Disk"><PROPERTY NAME="Id" TYPE="string"><VALUE>disk{number}</VALUE></PROPERTY>
                <PROPERTY NAME="Blocks" TYPE="uint64"><VALUE>{18446744073709551614 + (ulong)number - 1}</VALUE></PROPERTY></INSTANCE>
                """;
            yield return $"""
                <INSTANCE CLASSNAME="TEST_Holds">
                <PROPERTY.REFERENCE NAME="Holder" REFERENCECLASS="TEST_Part"><VALUE.REFERENCE>{CimXmlMessage.InstanceName("TEST_Part", ("Id", "shelf"))}</VALUE.REFERENCE></PROPERTY.REFERENCE>
                <PROPERTY.REFERENCE NAME="Held" REFERENCECLASS="TEST_Part"><VALUE.REFERENCE>{CimXmlMessage.InstanceName("TEST_Disk", ("Id", $"disk{number}"))}</VALUE.REFERENCE></PROPERTY.REFERENCE>
                <PROPERTY NAME="Slot" TYPE="uint8"><VALUE>{number}</VALUE></PROPERTY></INSTANCE>
                """;
        }
    }
}

/// <summary>Tests that share the host.</summary>
[CollectionDefinition(Name)]
public sealed class WbemHostCollection : ICollectionFixture<WbemHost>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "wbem host";
}
