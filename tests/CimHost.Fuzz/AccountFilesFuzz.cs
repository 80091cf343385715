using System.Text;
using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Passwords;
using CimHost.VmKernel.Users.Permissions;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Account files, password hashes, roles and permissions: read or refused, and what was read is written and read to the same again.</summary>
public class AccountFilesFuzz
{
    private static readonly byte[][] s_passwd =
    [
        "root:x:0:0:Administrator:/:/bin/sh\n# a comment\n+@staff\n\nguest:x:1000:100::/tmp:/bin/sh\n"u8.ToArray(),
        "dcui:x:100:100:DCUI User ü:/:/bin/sh"u8.ToArray(),
    ];

    private static readonly byte[][] s_group = ["root:x:0:root\nusers:x:100:guest,other\nlocaladmin:x:999:\n"u8.ToArray(), "# none\n"u8.ToArray()];

    private static readonly byte[][] s_shadow =
    [
        "root:$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1:13358:0:99999:7:::\n"u8.ToArray(),
        "dcui:*:13358:0:99999:7:-1:20000:\nguest:!:::::::\n"u8.ToArray(),
    ];

    private static readonly byte[][] s_lockOuts = ["root:1764252000\nguest:0\n"u8.ToArray(), "üb:253402300799\nx:y:1\n:5\n"u8.ToArray()];

    private static readonly byte[][] s_hashes =
    [
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"u8.ToArray(),
        "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1"u8.ToArray(),
        "$pbkdf2-sha512$1000$AQIDBAUGBwg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"u8.ToArray(),
    ];

    private static readonly byte[][] s_paths = ["/"u8.ToArray(), "cim:root/cimv2"u8.ToArray(), "cim:/interop/"u8.ToArray(), "file:/folder/My Datastore/a"u8.ToArray(), "file:"u8.ToArray()];

    private static readonly byte[][] s_roles = ["[{\"name\":\"Lab\",\"privileges\":[\"Cim.Read\",\"Power.Control\"]},{\"name\":\"\u00fcb er\",\"privileges\":[]}]"u8.ToArray()];

    private static readonly byte[][] s_permissions =
    [
        "[{\"user\":\"root\",\"role\":\"Administrator\",\"path\":\"/\"},{\"group\":\"users\",\"role\":\"readonly\",\"path\":\"cim:root\",\"propagate\":false}]"u8.ToArray(),
    ];

    [Fact]
    public void A_passwd_file() => Fuzzer.Run(s_passwd, RoundTrip<PasswdEntry>);

    [Fact]
    public void A_group_file() => Fuzzer.Run(s_group, RoundTrip<GroupEntry>);

    [Fact]
    public void A_shadow_file() => Fuzzer.Run(s_shadow, RoundTrip<ShadowEntry>);

    [Fact]
    public void A_file_of_lock_outs() => Fuzzer.Run(s_lockOuts, static bytes =>
    {
        Dictionary<string, DateTimeOffset> read = LockOutFile.Read(bytes);
        byte[] written = LockOutFile.Write(read);
        Assert.Equal(written, LockOutFile.Write(LockOutFile.Read(written)));
    });

    [Fact]
    public void A_password_hash() => Fuzzer.Run(s_hashes, bytes =>
    {
        string text = Encoding.UTF8.GetString(bytes);
        if (PasswordHash.TryRead(text, out PasswordHash? hash))
        {
            Assert.Equal(text, hash.ToString());
        }
    });

    [Fact]
    public void An_object_path_of_a_permission() => Fuzzer.Run(s_paths, bytes =>
    {
        if (ObjectPath.TryParse(Encoding.UTF8.GetString(bytes), out ObjectPath path, out string error))
        {
            Assert.True(ObjectPath.TryParse(path.ToString(), out ObjectPath again, out error), error);
            Assert.Equal(path, again);
            Assert.True(path.Covers(again) && ObjectPath.Root.Covers(path));
        }
        else
        {
            Assert.NotEmpty(error);
        }
    });

    [Fact]
    public void A_file_of_roles() => Fuzzer.Run(s_roles, bytes => Refusing(() =>
    {
        byte[] written = PermissionFiles.Write(PermissionFiles.ReadRoles(bytes));
        Assert.Equal(written, PermissionFiles.Write(PermissionFiles.ReadRoles(written)));
    }));

    [Fact]
    public void A_file_of_permissions() => Fuzzer.Run(s_permissions, bytes => Refusing(() =>
    {
        Dictionary<string, Role> roles = Role.BuiltIn.ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        byte[] written = PermissionFiles.Write(PermissionFiles.ReadPermissions(bytes, roles));
        Assert.Equal(written, PermissionFiles.Write(PermissionFiles.ReadPermissions(written, roles)));
    }));

    private static void Refusing(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static void RoundTrip<T>(byte[] bytes)
        where T : class, IAccountEntry<T>
    {
        if (!AccountFile<T>.TryRead(bytes, out AccountFile<T>? file, out AccountFileError error))
        {
            Assert.NotEmpty(error.Message);
            return;
        }

        byte[] written = file.ToBytes();
        Assert.True(AccountFile<T>.TryRead(written, out AccountFile<T>? again, out error), error.ToString());
        Assert.Equal(written, again.ToBytes());
        foreach (T entry in file.Entries)
        {
            Assert.Equal(entry.ToLine(), T.Read(entry.ToLine(), out _)?.ToLine());
            Assert.Null(file.Without(entry.Name).Find(entry.Name));
        }
    }
}
