using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Permissions;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class AuthorizerTests
{
    // The privilege matrix: what each built-in role allows.
    private static readonly (string Privilege, bool Administrator, bool ReadOnly, bool NoAccess, bool CimOperator)[] s_matrix =
    [
        // Privilege                Administrator ReadOnly NoAccess CimOperator
        ("System.View",              true,        true,    false,   true),
        ("System.Read",              true,        true,    false,   true),
        ("Host.Config.Settings",     true,        false,   false,   false),
        ("Host.Config.Patch",        true,        false,   false,   false),
        ("Host.Config.Boot",         true,        false,   false,   false),
        ("Cim.Read",                 true,        true,    false,   true),
        ("Cim.Write",                true,        false,   false,   false),
        ("Cim.Method",               true,        false,   false,   true),
        ("Snmp.Read",                true,        true,    false,   true),
        ("Files.Read",               true,        true,    false,   false),
        ("Files.Write",              true,        false,   false,   false),
        ("Users.Manage",             true,        false,   false,   false),
        ("Services.Control",         true,        false,   false,   false),
        ("Power.Control",            true,        false,   false,   false),
        ("Datastore.Browse",         true,        true,    false,   false),
        ("Datastore.FileManagement", true,        false,   false,   false),
    ];

    [Fact]
    public void The_matrix_holds_every_privilege_and_every_built_in_role()
    {
        Assert.Equal(Privilege.All.Select(p => p.Name), s_matrix.Select(row => row.Privilege));
        Assert.Equal(["Administrator", "ReadOnly", "NoAccess", "CimOperator"], Role.BuiltIn.Select(r => r.Name));
    }

    [Fact]
    public async Task A_built_in_role_allows_what_the_matrix_says_and_nothing_else()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal root = (await host.LoginAsync("root", AccountHost.RootPassword))!;
        await host.UserAsync("second", "Administrator");
        foreach (string role in Role.BuiltIn.Select(r => r.Name))
        {
            await host.Accounts.ChangeUserAsync("root", new UserChange { Role = role }, default);
            foreach ((string name, bool administrator, bool readOnly, bool noAccess, bool cimOperator) in s_matrix)
            {
                bool expected = role switch { "Administrator" => administrator, "ReadOnly" => readOnly, "NoAccess" => noAccess, _ => cimOperator };
                Assert.True(Privilege.TryParse(name, out Privilege? privilege));
                Assert.All(
                    ["/", "cim:root/cimv2", "file:/host/esx.conf", "file:/folder/datastore1/a", "file:/tmp"],
                    path => Assert.True(expected == host.Allows(root, privilege, path), $"{role}: {name} on {path}"));
            }
        }
    }

    [Fact]
    public async Task Without_a_permission_nothing_is_allowed()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal guest = await host.UserAsync("guest");
        Assert.Empty(host.Accounts.Authorizer.Privileges(guest, ObjectPath.Root));
    }

    [Fact]
    public async Task The_most_specific_path_decides_alone()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal guest = await host.UserAsync("guest", "ReadOnly");
        await host.PermitAsync("guest", "NoAccess", "cim:root/secret");
        await host.PermitAsync("guest", "Administrator", "cim:root/lab");
        await host.PermitAsync("guest", "NoAccess", "file:");
        await host.PermitAsync("guest", "Administrator", "file:/folder/scratch");

        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
        Assert.False(host.Allows(guest, Privilege.CimWrite, "cim:root/cimv2"));
        Assert.False(host.Allows(guest, Privilege.CimRead, "cim:root/secret"));
        Assert.False(host.Allows(guest, Privilege.CimRead, "cim:root/secret/deep"));
        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/secrets"));
        Assert.True(host.Allows(guest, Privilege.CimWrite, "cim:ROOT/Lab"));
        Assert.False(host.Allows(guest, Privilege.FilesRead, "file:/host/a"));
        Assert.True(host.Allows(guest, Privilege.DatastoreFileManagement, "file:/folder/scratch/a/b"));
        Assert.False(host.Allows(guest, Privilege.DatastoreFileManagement, "file:/folder/Scratch"));
        Assert.False(host.Allows(guest, Privilege.DatastoreBrowse, "file:/folder/scratch2"));
        Assert.True(host.Allows(guest, Privilege.SystemRead, "/"));
    }

    [Fact]
    public async Task A_permission_that_does_not_propagate_is_for_its_object_alone()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal guest = await host.UserAsync("guest");
        await host.PermitAsync("guest", "ReadOnly", "/");
        await host.PermitAsync("guest", "Administrator", "cim:root", propagates: false);
        Assert.True(host.Allows(guest, Privilege.CimWrite, "cim:root"));
        Assert.False(host.Allows(guest, Privilege.CimWrite, "cim:root/cimv2"));
        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
        await host.PermitAsync("guest", "ReadOnly", "/", propagates: false);
        Assert.False(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
    }

    [Fact]
    public async Task The_user_comes_before_its_groups_and_groups_are_united()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.Accounts.AddGroupAsync("readers", null, default);
        await host.Accounts.AddGroupAsync("operators", null, default);
        await host.Accounts.SetRoleAsync("Methods", ["Cim.Method"], default);
        Principal guest = await host.UserAsync("guest", null, "readers", "operators");
        await host.PermitAsync("readers", "ReadOnly", "cim:root", isGroup: true);
        await host.PermitAsync("operators", "Methods", "cim:root", isGroup: true);

        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
        Assert.True(host.Allows(guest, Privilege.CimMethod, "cim:root/cimv2"));
        await host.PermitAsync("guest", "NoAccess", "cim:root");
        Assert.False(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
        Assert.False(host.Allows(guest, Privilege.CimMethod, "cim:root/cimv2"));

        // The user's own permission here says nothing of what lies below, so the groups' do.
        await host.PermitAsync("guest", "NoAccess", "cim:root", propagates: false);
        Assert.False(host.Allows(guest, Privilege.CimRead, "cim:root"));
        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
    }

    [Fact]
    public async Task The_primary_group_counts_as_well()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal guest = await host.UserAsync("guest");
        await host.PermitAsync("users", "ReadOnly", "/", isGroup: true);
        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
    }

    [Fact]
    public async Task A_change_is_in_the_next_answer()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.Accounts.SetRoleAsync("Lab", ["Cim.Read"], default);
        Principal guest = await host.UserAsync("guest", "Lab");
        Assert.False(host.Allows(guest, Privilege.CimWrite, "cim:root/cimv2"));
        await host.Accounts.SetRoleAsync("LAB", ["Cim.Read", "Cim.Write"], default);
        Assert.True(host.Allows(guest, Privilege.CimWrite, "cim:root/cimv2"));
        await host.Accounts.RemovePermissionAsync("guest", false, ObjectPath.Root, default);
        Assert.False(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
        Assert.True(host.Accounts.IsCurrent(guest));
    }

    [Fact]
    public async Task The_operator_at_the_host_may_everything_and_a_remote_root_what_its_permissions_say()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal root = (await host.LoginAsync("root", AccountHost.RootPassword))!;
        await host.PermitAsync("root", "NoAccess", "cim:root/lab");
        Assert.False(host.Allows(root, Privilege.CimRead, "cim:root/lab"));
        Assert.True(host.Allows(Principal.Local, Privilege.CimRead, "cim:root/lab"));
    }

    [Fact]
    public async Task A_question_allocates_nothing()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal guest = await host.UserAsync("guest", "ReadOnly");
        await host.PermitAsync("guest", "Administrator", "cim:root/lab");
        Authorizer authorizer = host.Accounts.Authorizer;
        Assert.True(Ask());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Ask();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        bool Ask() => authorizer.Allows(guest, Privilege.CimRead, ObjectPath.Cim("root/cimv2")) && !authorizer.Allows(guest, Privilege.FilesWrite, ObjectPath.File("/tmp/a"));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("cim:", "cim:")]
    [InlineData("cim:/", "cim:")]
    [InlineData("cim:/root/cimv2/", "cim:root/cimv2")]
    [InlineData("cim:interop", "cim:root/interop")]
    [InlineData("file:", "file:")]
    [InlineData("file:/folder/My Datastore/", "file:/folder/My Datastore")]
    public void Object_paths_are_read_and_written(string text, string written) => Assert.Equal(written, AccountHost.Object(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("root/cimv2")]
    [InlineData("snmp:x")]
    [InlineData("CIM:root")]
    [InlineData("file:host")]
    [InlineData("file:/a//b")]
    [InlineData("file:/a/../b")]
    [InlineData("file:/./b")]
    [InlineData("cim:root/../x")]
    [InlineData("cim:root\n")]
    public void What_is_no_object_path_is_refused(string text) => Assert.False(ObjectPath.TryParse(text, out _, out string error) || error.Length == 0);

    [Theory]
    [InlineData("/tmp/../host")]
    [InlineData("/tmp/..")]
    [InlineData("/./tmp")]
    [InlineData("tmp")]
    [InlineData("")]
    public void A_file_with_dots_is_not_asked_about(string path) => Assert.Throws<ArgumentException>(() => ObjectPath.File(path));

    [Fact]
    public void Names_with_dots_in_them_are_no_dots() => Assert.Equal("file:/tmp/.a/..b/c..", ObjectPath.File("/tmp/.a/..b/c..").ToString());
}
