using CimHost.Snmp.Mib;
using CimHost.Snmp.Mib.Text;

namespace CimHost.Snmp.Tests.Mib;

public sealed class MibTextTests
{
    private const string FileName = "broker/CimHost.Snmp/Mib/CIMHOST-MIB.txt";

    /// <summary>With CIMHOST_UPDATE_MIB=1 the file is written anew.</summary>
    [Fact]
    public async Task The_file_is_what_the_agent_s_definitions_say()
    {
        string path = Path.Combine(Root(), FileName);
        string text = MibText.Write(CimHostOids.Default);
        if (Environment.GetEnvironmentVariable("CIMHOST_UPDATE_MIB") == "1")
        {
            await File.WriteAllTextAsync(path, text);
        }

        Assert.Equal(await File.ReadAllTextAsync(path), text);
    }

    [Fact]
    public void Another_enterprise_number_is_the_only_difference()
    {
        Assert.Equal(
            MibText.Write(CimHostOids.Default).Replace("{ enterprises 32473 }", "{ enterprises 99999 }", StringComparison.Ordinal),
            MibText.Write(new CimHostOids(99999)));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
