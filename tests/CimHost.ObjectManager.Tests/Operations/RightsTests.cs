using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Xunit;

namespace CimHost.ObjectManager.Tests.Operations;

public sealed class RightsTests
{
    [Fact]
    public async Task Every_read_of_a_namespace_asks_for_the_right_to_read_it()
    {
        await using TestHost host = await TestHost.CreateAsync();
        await host.AddAsync("T_Fan", ("DeviceID", "f1"));
        ICimOperations cim = host.Manager.For(new CimCaller("guest", new Rights()));
        CimObjectPath fan = TestHost.Device("T_Fan", "f1");
        Func<Task>[] reads =
        [
            async () => await cim.GetClassAsync(TestHost.Namespace, "T_Fan", new CimClassOptions(), default),
            async () => await cim.EnumerateClassesAsync(TestHost.Namespace, null, true, new CimClassOptions(), default).CountAsync(),
            async () => await cim.EnumerateClassNamesAsync(TestHost.Namespace, null, true, default).CountAsync(),
            async () => await cim.GetQualifierAsync(TestHost.Namespace, "Key", default),
            async () => await cim.EnumerateQualifiersAsync(TestHost.Namespace, default).CountAsync(),
            async () => await cim.GetInstanceAsync(TestHost.Namespace, fan, CimInstanceOptions.Full, default),
            async () => await cim.GetPropertyAsync(TestHost.Namespace, fan, "DeviceID", default),
            async () => await cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).CountAsync(),
            async () => await cim.EnumerateInstanceNamesAsync(TestHost.Namespace, "T_Fan", default).CountAsync(),
            async () => await cim.QueryInstancesAsync(TestHost.Namespace, "WQL", "SELECT * FROM T_Fan", default).CountAsync(),
            async () => await cim.GetQueryResultClassAsync(TestHost.Namespace, "WQL", "SELECT * FROM T_Fan", default),
            async () => await cim.AssociatorsAsync(TestHost.Namespace, fan, new CimAssociationOptions(), CimInstanceOptions.Full, default).CountAsync(),
            async () => await cim.AssociatorNamesAsync(TestHost.Namespace, fan, new CimAssociationOptions(), default).CountAsync(),
            async () => await cim.ReferencesAsync(TestHost.Namespace, fan, new CimAssociationOptions(), CimInstanceOptions.Full, default).CountAsync(),
            async () => await cim.ReferenceNamesAsync(TestHost.Namespace, fan, new CimAssociationOptions(), default).CountAsync(),
            async () => await cim.AssociatorClassesAsync(TestHost.Namespace, "T_Fan", new CimAssociationOptions(), new CimClassOptions(), default).CountAsync(),
            async () => await cim.ReferenceClassesAsync(TestHost.Namespace, "T_Fan", new CimAssociationOptions(), new CimClassOptions(), default).CountAsync(),
        ];
        foreach (Func<Task> read in reads)
        {
            await Expect.StatusAsync(CimStatusCode.AccessDenied, read, TestHost.Namespace);
        }
    }

    [Fact]
    public async Task Whoever_may_change_but_not_read_changes()
    {
        await using TestHost host = await TestHost.CreateAsync();
        await host.AddAsync("T_Fan", ("DeviceID", "f1"));
        ICimOperations cim = host.Manager.For(new CimCaller("guest", new Rights((CimAccess.Write, TestHost.Namespace))));
        await cim.DeleteInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "f1"), default);
        Assert.Equal(0, await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).CountAsync());
    }

    [Fact]
    public async Task A_method_asks_for_the_right_to_methods_alone()
    {
        await using TestHost host = await TestHost.CreateAsync();
        await host.AddAsync("T_Fan", ("DeviceID", "f1"));
        ICimOperations cim = host.Manager.For(new CimCaller("guest", new Rights((CimAccess.InvokeMethod, TestHost.Namespace))));
        CimObjectPath fan = TestHost.Device("T_Fan", "f1");
        await Expect.StatusAsync(CimStatusCode.MethodNotFound, async () => await cim.InvokeMethodAsync(TestHost.Namespace, fan, "Any", CimNamedList<CimMethodParameter>.Empty, default), "Any");
        await Expect.StatusAsync(CimStatusCode.AccessDenied, async () => await cim.DeleteInstanceAsync(TestHost.Namespace, fan, default), "guest");
    }

    [Fact]
    public async Task A_namespace_that_one_may_not_read_does_not_even_not_exist()
    {
        await using TestHost host = await TestHost.CreateAsync();
        ICimOperations cim = host.Manager.For(new CimCaller("guest", new Rights((CimAccess.Read, "root/interop"))));
        await Expect.StatusAsync(CimStatusCode.AccessDenied, async () => await cim.GetClassAsync("root/nowhere", "T_Fan", new CimClassOptions(), default), "root/nowhere");

        // The two names of the interop namespace are one.
        await Expect.StatusAsync(CimStatusCode.InvalidNamespace, async () => await cim.GetClassAsync("/interop", "T_Fan", new CimClassOptions(), default), "root/interop");
    }

    private sealed class Rights(params (CimAccess Access, string Namespace)[] allowed) : ICimRights
    {
        public bool Allows(CimAccess access, string namespaceName) => allowed.Contains((access, namespaceName));
    }
}
