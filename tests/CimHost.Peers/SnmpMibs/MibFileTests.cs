using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.SnmpMibs;

/// <summary>net-snmp's parser reads CIMHOST-MIB without a warning, and knows every name in it.</summary>
public sealed class MibFileTests
{
    private static readonly string s_file = RepositoryRoot.PathOf("broker/CimHost.Snmp/Mib/CIMHOST-MIB.txt");

    [PeerFact("snmptranslate")]
    public async Task It_loads_without_a_word()
    {
        ToolRun run = (await TranslateAsync("-Pw", "-Tp", "CIMHOST-MIB::cimHostMIB")).Succeeded();
        Assert.Empty(Words(run));
        Assert.Contains("cimHostSensorTable", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("snmptranslate")]
    public async Task Every_variable_of_every_notification_translates_and_back()
    {
        foreach (string notification in (string[])["cimHostAlertRaised", "cimHostAlertChanged", "cimHostAlertCleared"])
        {
            ToolRun run = (await TranslateAsync("-Td", "CIMHOST-MIB::" + notification)).Succeeded();
            string[] variables = [.. Regex.Match(run.Output, @"OBJECTS\s*\{([^}]*)\}").Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            Assert.Equal(16, variables.Length);
            foreach (string variable in variables)
            {
                string oid = (await TranslateAsync("-On", "CIMHOST-MIB::" + variable)).Succeeded().Output.Trim();
                Assert.StartsWith(".1.3.6.1.4.1.32473.1.1.4.1.1.", oid, StringComparison.Ordinal);
                Assert.Equal("CIMHOST-MIB::" + variable, (await TranslateAsync(oid)).Succeeded().Output.Trim());
            }
        }
    }

    [PeerFact("snmptranslate")]
    public async Task A_fault_in_the_file_would_be_told()
    {
        using var folder = new TemporaryDirectory();
        string text = await File.ReadAllTextAsync(s_file);
        folder.Write("CIMHOST-MIB.txt", text.Replace("cimHostSensorReading Integer32", "cimHostSensorReading NoSuchType", StringComparison.Ordinal).Replace("{ cimHostSensors 1 }", "{ cimHostNowhere 1 }", StringComparison.Ordinal));
        ToolRun run = await Tool.RunAsync(Peer.Require("snmptranslate"), "-Pw", "-M", $"{folder.FullName}:{RepositoryRoot.PathOf("tests/fixtures/snmp-mibs")}", "-m", "CIMHOST-MIB", "-Tp", "CIMHOST-MIB::cimHostMIB");
        Assert.NotEmpty(Words(run));
    }

    // The first run on a computer says that it made a folder for itself.
    private static string[] Words(ToolRun run) => [.. run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("Created directory:", StringComparison.Ordinal))];

    private static Task<ToolRun> TranslateAsync(params string[] arguments) => Tool.RunAsync(
        Peer.Require("snmptranslate"), ["-M", $"{Path.GetDirectoryName(s_file)}:{RepositoryRoot.PathOf("tests/fixtures/snmp-mibs")}", "-m", "CIMHOST-MIB", .. arguments]);
}
