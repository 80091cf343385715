using System.Net;
using CimHost.Configuration;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Capture.Recording;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Live;
using CimHost.VmKernel.Devices.Ipmi.Lan;

namespace CimHost.Hosting;

/// <summary>The devices of this computer or of an emulated machine, and the remote BMCs, as the configuration names them.</summary>
internal sealed class HostDevices : IAsyncDisposable
{
    // IPMI 2.0 §22.26: a user's privilege limit; 4 is administrator.
    private const byte Administrator = 4;

    private readonly HostHardware _hardware;
    private readonly RmcpServer? _lan;

    private HostDevices(HostHardware hardware, RmcpServer? lan, string systemName, LiveHardware? live)
    {
        _hardware = hardware;
        _lan = lan;
        SystemName = systemName;
        Live = live;
    }

    /// <summary>The devices, and the view that a world has of them.</summary>
    public HostHardware Hardware => _hardware;

    /// <summary>Name of the computer whose devices these are.</summary>
    public string SystemName { get; }

    /// <summary>Changes and breaks the machine; null when the hardware is real.</summary>
    public LiveHardware? Live { get; }

    /// <summary>Opens the devices.</summary>
    /// <exception cref="ConfigurationException">The machine's files or a password file cannot be used.</exception>
    /// <param name="options">Configuration.</param>
    /// <param name="loggers">Log.</param>
    /// <param name="recorder">Writes down what goes through the ports; null: nobody does.</param>
    public static HostDevices Open(CimHostOptions options, ILoggerFactory loggers, HardwareRecorder? recorder = null)
    {
        IMachine? machine = OpenMachine(options.Machine, loggers);
        RemoteBmc[] bmcs = [.. options.Bmcs.Select((b, i) => Remote(b, $"Bmcs:{i}:"))];
        var hardware = HostHardware.Open(new HardwareOptions { SystemRoot = options.SystemRoot, Machine = machine, RemoteBmcs = bmcs, Recorder = recorder }, loggers);
        RmcpServer? lan = options.MachineLan.Address.Length == 0 ? null : ServeLan(options.MachineLan, machine, loggers);
        return new HostDevices(hardware, lan, machine?.SystemName ?? Environment.MachineName, LiveHardware.Of(machine));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_lan is not null)
        {
            await _lan.DisposeAsync();
        }

        await _hardware.DisposeAsync();
    }

    private static IMachine? OpenMachine(string directory, ILoggerFactory loggers)
    {
        if (directory.Length == 0)
        {
            return null;
        }

        try
        {
            return CapturedMachine.IsCapture(directory)
                ? CapturedMachine.Open(directory, TimeProvider.System, loggers.CreateLogger<CapturedMachine>())
                : EmulatedMachine.Open(directory, TimeProvider.System, loggers.CreateLogger<EmulatedMachine>());
        }
        catch (MachineFileException e)
        {
            throw new ConfigurationException($"Machine = '{directory}': {e.Message}");
        }
    }

    private static RemoteBmc Remote(BmcSettings settings, string prefix)
    {
        (string host, int port) = HostAndPort(prefix + "Address", settings.Address);
        return new RemoteBmc(settings.Name, host, port, settings.UserName, Password(prefix, settings.PasswordFile), settings.CipherSuite);
    }

    private static RmcpServer ServeLan(MachineLanSettings settings, IMachine? machine, ILoggerFactory loggers)
    {
        if (machine is null || machine.IpmiPorts.Count == 0)
        {
            throw new ConfigurationException("MachineLan:Address serves the BMC of an emulated machine, and Machine names none that has one.");
        }

        IPEndPoint address = ConfigurationLoader.Address("MachineLan:Address", settings.Address);
        var user = new RmcpUser(settings.UserName, Password("MachineLan:", settings.PasswordFile), Administrator);
        return new RmcpServer(address, machine.IpmiPorts[0], [user], loggers.CreateLogger<RmcpServer>());
    }

    private static string Password(string prefix, string file)
    {
        if (file.Length == 0)
        {
            return string.Empty;
        }

        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{prefix}PasswordFile = '{file}': {e.Message}");
        }
    }

    // "[2001:db8::1]:623", "192.0.2.1", "bmc7.example:623"; a bare IPv6 address has no port.
    private static (string Host, int Port) HostAndPort(string key, string address)
    {
        if (IPAddress.TryParse(address, out _))
        {
            return (address.Trim('[', ']'), RemoteBmc.DefaultPort);
        }

        int colon = address.LastIndexOf(':');
        string host = colon < 0 ? address : address[..colon];
        int port = RemoteBmc.DefaultPort;
        return host.Length > 0 && (colon < 0 || (int.TryParse(address.AsSpan(colon + 1), out port) && port is > 0 and < 65536))
            ? (host.Trim('[', ']'), port)
            : throw new ConfigurationException($"{key} = '{address}': expected host:port, or host alone for port {RemoteBmc.DefaultPort}.");
    }
}
