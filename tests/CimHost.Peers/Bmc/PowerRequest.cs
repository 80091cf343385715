using System.Globalization;
using CimHost.TestBed;

namespace CimHost.Peers.Bmc;

/// <summary>RequestPowerStateChange of a power management service (DSP1027), of which a parameter is a reference.</summary>
internal static class PowerRequest
{
    /// <summary>Sends it as root; returns the method's return value.</summary>
    /// <param name="host">The host.</param>
    /// <param name="machine">Name of the computer.</param>
    /// <param name="service">Name of its service.</param>
    /// <param name="state">The requested power state.</param>
    /// <exception cref="InvalidOperationException">The host answered with an error.</exception>
    public static async Task<int> SendAsync(HostProcess host, string machine, string service, int state)
    {
        using CimXmlClient client = CimXmlClient.Of(host);
        CimXmlAnswer answer = (await client.PostAsync(Message(machine, service, state))).Succeeded();
        return int.Parse(answer.Document.Descendants("RETURNVALUE").Single().Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The message.</summary>
    public static string Message(string machine, string service, int state)
    {
        const string Class = "OMC_UnitaryComputerSystem", Service = "OMC_PowerManagementService";
        string system = CimXmlMessage.InstanceName(Class, ("CreationClassName", Class), ("Name", machine));
        return CimXmlMessage.MethodCall(
            "root/cimv2",
            CimXmlMessage.InstanceName(Service, ("SystemCreationClassName", Class), ("SystemName", machine), ("CreationClassName", Service), ("Name", service)),
            "RequestPowerStateChange",
            ("PowerState", "uint16", CimXmlMessage.Value(state.ToString(CultureInfo.InvariantCulture))),
            ("ManagedElement", "reference", $"<VALUE.REFERENCE>{system}</VALUE.REFERENCE>"));
    }
}
