using System.Globalization;
using CimHost.TestBed;

namespace CimHost.Peers.Bmc;

/// <summary>OpenIPMI's ipmi_sim, and a host that has it as a remote BMC.</summary>
internal sealed class SimulatedBmc : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder;

    private SimulatedBmc(TemporaryDirectory folder, IpmiSim bmc, HostProcess host) => (_folder, Bmc, Host) = (folder, bmc, host);

    /// <summary>The controller.</summary>
    public IpmiSim Bmc { get; }

    /// <summary>The host.</summary>
    public HostProcess Host { get; }

    /// <summary>Starts both.</summary>
    /// <param name="configuration">What the controller can do; null: sensors and event log.</param>
    /// <param name="arguments">Further settings of the host.</param>
    public static async Task<SimulatedBmc> StartAsync(IpmiSimConfiguration? configuration = null, params string[] arguments)
    {
        var folder = new TemporaryDirectory();
        IpmiSim bmc = await IpmiSim.StartAsync(configuration);
        HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            SystemRoot = folder.FullName,
            Arguments =
            [
                "--Bmcs:0:Name=sim", $"--Bmcs:0:Address={bmc.Host}:{bmc.Port}", $"--Bmcs:0:UserName={bmc.UserName}",
                $"--Bmcs:0:PasswordFile={folder.Write("password", bmc.Password + "\n")}", "--Bmcs:0:CipherSuite=3", .. arguments,
            ],
        });
        return new SimulatedBmc(folder, bmc, host);
    }

    /// <summary>Runs ipmitool on the controller, past the host.</summary>
    public async Task<ToolRun> IpmitoolAsync(params string[] arguments) => (await Tool.RunAsync(
        "ipmitool",
        ["-I", "lanplus", "-C", "3", "-H", Bmc.Host, "-p", Bmc.Port.ToString(CultureInfo.InvariantCulture), "-U", Bmc.UserName, "-P", Bmc.Password, .. arguments])).Succeeded();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Bmc.DisposeAsync();
        _folder.Dispose();
    }
}
