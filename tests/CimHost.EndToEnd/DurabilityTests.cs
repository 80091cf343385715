using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>What a client saw succeed is there after any end of the process (architecture, decision 6).</summary>
public sealed class DurabilityTests
{
    private const string Class = "TEST_Thing";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Namespaces_classes_qualifiers_and_instances_survive_a_restart(bool killed)
    {
        using var state = new TemporaryDirectory();
        await using (HostProcess host = await StartAsync(state))
        {
            using CimXmlClient client = CimXmlClient.Of(host);
            await CreateNamespaceAsync(client, "root/kept");
            (await client.CallAsync("root/kept", "SetQualifier", ("QualifierDeclaration", KeyQualifier))).Succeeded();
            (await client.CallAsync("root/kept", "CreateClass", ("NewClass", CimXmlMessage.ClassDeclaration(Class)))).Succeeded();
            (await client.CallAsync("root/kept", "CreateInstance", ("NewInstance", CimXmlMessage.Instance(Class, "a<&>\"'ü", 7, "one", "two")))).Succeeded();
            if (killed)
            {
                await host.KillAsync();
            }
        }

        await using HostProcess again = await StartAsync(state);
        using CimXmlClient later = CimXmlClient.Of(again);
        System.Xml.Linq.XElement instance = Assert.Single((await later.EnumerateAsync("root/kept", Class)).Succeeded().Instances);
        Assert.Equal("a<&>\"'ü", CimXmlClient.ValueOf(instance, "Id"));
        Assert.Equal("7", CimXmlClient.ValueOf(instance, "Count"));
        Assert.Equal(["one", "two"], CimXmlClient.ValuesOf(instance, "Tags"));
        Assert.Null(CimXmlClient.ValueOf(instance, "Since"));
        CimXmlAnswer namespaces = (await later.EnumerateAsync("interop", "CIM_Namespace")).Succeeded();
        Assert.Contains(namespaces.Instances, i => CimXmlClient.ValueOf(i, "Name") == "root/kept");
    }

    [Fact]
    public async Task Every_instance_whose_creation_was_answered_survives_kill_9_in_the_middle_of_a_burst()
    {
        using var state = new TemporaryDirectory();
        var answered = new List<string>();
        await using (HostProcess host = await StartAsync(state))
        {
            using CimXmlClient client = CimXmlClient.Of(host);
            (await client.CallAsync("root/cimv2", "CreateClass", ("NewClass", CimXmlMessage.ClassDeclaration(Class)))).Succeeded();
            using var enough = new CancellationTokenSource();
            Task[] writers = [.. Enumerable.Range(0, 4).Select(w => WriteAsync(client, w, answered, enough.Token))];
            await Eventually.HoldsAsync(() => Count(answered) >= 40, "forty instances");

            // In the middle: the writers go on while the process dies, and see their requests fail.
            await host.KillAsync();
            await enough.CancelAsync();
            await Task.WhenAll(writers);
        }

        await using HostProcess again = await StartAsync(state);
        using CimXmlClient later = CimXmlClient.Of(again);
        CimXmlAnswer kept = (await later.EnumerateAsync("root/cimv2", Class)).Succeeded();
        HashSet<string?> ids = [.. kept.Instances.Select(i => CimXmlClient.ValueOf(i, "Id"))];
        Assert.All(answered, id => Assert.Contains(id, ids));
    }

    [Fact]
    public async Task Changes_and_deletions_survive_too()
    {
        using var state = new TemporaryDirectory();
        await using (HostProcess host = await StartAsync(state))
        {
            using CimXmlClient client = CimXmlClient.Of(host);
            (await client.CallAsync("root/cimv2", "CreateClass", ("NewClass", CimXmlMessage.ClassDeclaration(Class)))).Succeeded();
            foreach (string id in new[] { "changed", "deleted" })
            {
                (await client.CallAsync("root/cimv2", "CreateInstance", ("NewInstance", CimXmlMessage.Instance(Class, id, 1)))).Succeeded();
            }

            string changed = $"<VALUE.NAMEDINSTANCE>{CimXmlMessage.InstanceName(Class, ("Id", "changed"))}{CimXmlMessage.Instance(Class, "changed", 99, "x")}</VALUE.NAMEDINSTANCE>";
            (await client.CallAsync("root/cimv2", "ModifyInstance", ("ModifiedInstance", changed))).Succeeded();
            (await client.CallAsync("root/cimv2", "DeleteInstance", ("InstanceName", CimXmlMessage.InstanceName(Class, ("Id", "deleted"))))).Succeeded();
            await host.KillAsync();
        }

        await using HostProcess again = await StartAsync(state);
        using CimXmlClient later = CimXmlClient.Of(again);
        System.Xml.Linq.XElement instance = Assert.Single((await later.EnumerateAsync("root/cimv2", Class)).Succeeded().Instances);
        Assert.Equal("99", CimXmlClient.ValueOf(instance, "Count"));
        Assert.Equal(["x"], CimXmlClient.ValuesOf(instance, "Tags"));
    }

    [Fact]
    public async Task A_deleted_class_and_namespace_stay_deleted()
    {
        using var state = new TemporaryDirectory();
        await using (HostProcess host = await StartAsync(state))
        {
            using CimXmlClient client = CimXmlClient.Of(host);
            (await client.CallAsync("root/cimv2", "CreateClass", ("NewClass", CimXmlMessage.ClassDeclaration(Class)))).Succeeded();
            (await client.CallAsync("root/cimv2", "DeleteClass", ("ClassName", CimXmlMessage.ClassName(Class)))).Succeeded();
            string name = await CreateNamespaceAsync(client, "root/gone");
            (await client.CallAsync("interop", "DeleteInstance", ("InstanceName", name))).Succeeded();
            await host.KillAsync();
        }

        await using HostProcess again = await StartAsync(state);
        using CimXmlClient later = CimXmlClient.Of(again);
        Assert.Equal(6, (await later.CallAsync("root/cimv2", "GetClass", ("ClassName", CimXmlMessage.ClassName(Class)))).ErrorCode);
        Assert.Equal(3, (await later.EnumerateAsync("root/gone", Class)).ErrorCode);
    }

    private const string KeyQualifier =
        """<QUALIFIER.DECLARATION NAME="Key" TYPE="boolean" OVERRIDABLE="false" TOSUBCLASS="true"><SCOPE PROPERTY="true" REFERENCE="true"/><VALUE>FALSE</VALUE></QUALIFIER.DECLARATION>""";

    private static Task<HostProcess> StartAsync(TemporaryDirectory state) =>
        HostProcess.StartAsync(new HostSettings { StateDirectory = state.FullName, SystemRoot = Directory.CreateDirectory(state.PathOf("no-hardware")).FullName });

    /// <summary>Creates a namespace and returns the INSTANCENAME of what stands for it.</summary>
    private static async Task<string> CreateNamespaceAsync(CimXmlClient client, string name)
    {
        string instance = $"""<INSTANCE CLASSNAME="CIM_Namespace"><PROPERTY NAME="Name" TYPE="string"><VALUE>{name}</VALUE></PROPERTY></INSTANCE>""";
        CimXmlAnswer answer = (await client.CallAsync("interop", "CreateInstance", ("NewInstance", instance))).Succeeded();
        return answer.Document.Descendants("INSTANCENAME").First().ToString();
    }

    private static async Task WriteAsync(CimXmlClient client, int writer, List<string> answered, CancellationToken enough)
    {
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            string id = $"{writer}-{i}";
            try
            {
                (await client.CallAsync("root/cimv2", "CreateInstance", ("NewInstance", CimXmlMessage.Instance(Class, id, (uint)i)))).Succeeded();
            }
            catch (HttpRequestException)
            {
                // The host was killed under this request, which therefore promised nothing.
                return;
            }

            lock (answered)
            {
                answered.Add(id);
            }
        }
    }

    private static int Count(List<string> answered)
    {
        lock (answered)
        {
            return answered.Count;
        }
    }
}
