using CimHost.Alerts;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Indications;
using CimHost.Snmp;
using CimHost.VmKernel.Users;

namespace CimHost.Configuration;

/// <summary>The whole configuration: <c>cimhost.json</c>, environment <c>CIMHOST_A__B</c>, command line <c>--A:B=value</c>, in this order.</summary>
public sealed class CimHostOptions
{
    /// <summary>Directory of everything that lasts. Default: /var/lib/cimhost for root, else ~/.local/state/cimhost.</summary>
    public string StateDirectory { get; set; } = DefaultStateDirectory();

    /// <summary>Directory of an emulated machine; empty: this computer.</summary>
    public string Machine { get; set; } = string.Empty;

    /// <summary>Where /sys, /proc and /dev are looked up.</summary>
    public string SystemRoot { get; set; } = "/";

    /// <summary>Addresses to listen on.</summary>
    public EndpointOptions Endpoints { get; set; } = new();

    /// <summary>Remote BMCs.</summary>
    public List<BmcSettings> Bmcs { get; set; } = [];

    /// <summary>Network access to the emulated machine's BMC.</summary>
    public MachineLanSettings MachineLan { get; set; } = new();

    /// <summary>Folders of provider packages besides the host's own.</summary>
    public List<string> ProviderDirectories { get; set; } = [];

    /// <summary>Configuration of packages: package name → key → value.</summary>
    public Dictionary<string, Dictionary<string, string>> Providers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Least severe events in the log: Trace, Debug, Information, Warning, Error, Critical or None.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Limits of the object manager.</summary>
    public DispatchOptions Dispatch { get; set; } = new();

    /// <summary>Delivery of indications.</summary>
    public IndicationOptions Indications { get; set; } = new();

    /// <summary>Users, passwords, lock-out.</summary>
    public SecurityOptions Security { get; set; } = new();

    /// <summary>Alerts and who is told of them.</summary>
    public AlertOptions Alerts { get; set; } = new();

    /// <summary>The SNMP agent and its notifications.</summary>
    public SnmpOptions Snmp { get; set; } = new();

    /// <summary>The kernel emulator.</summary>
    public KernelSettings Kernel { get; set; } = new();

    /// <summary>Where a host without a local disk keeps its scratch.</summary>
    public ScratchConfigSettings ScratchConfig { get; set; } = new();

    /// <summary>Directories that are datastores.</summary>
    public List<DatastoreSettings> Datastores { get; set; } = [];

    /// <summary>File name of the local client socket.</summary>
    public const string SocketName = "cimhost.sock";

    /// <summary>The local client socket.</summary>
    public string SocketPath => Path.Combine(StateDirectory, SocketName);

    private static string DefaultStateDirectory() => Environment.IsPrivilegedProcess
        ? "/var/lib/cimhost"
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "cimhost");
}
