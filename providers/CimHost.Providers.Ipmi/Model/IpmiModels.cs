using System.Composition;
using System.Text.RegularExpressions;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>The models of all management controllers, shared by the providers of the package.</summary>
[Export]
[Shared]
internal sealed partial class IpmiModels
{
    private readonly IProviderHost _host;
    private readonly IpmiOptions _options;
    private readonly Lock _lock = new();
    private IReadOnlyList<BmcModel> _models = [];
    private IReadOnlyList<IIpmiPort>? _ports;

    [ImportingConstructor]
    public IpmiModels(IProviderHost host)
    {
        _host = host;
        _options = IpmiOptions.Read(host.Configuration);
    }

    /// <summary>One model for each port there is now, in the order of the ports. A port that stays keeps its model.</summary>
    public IReadOnlyList<BmcModel> Current
    {
        get
        {
            lock (_lock)
            {
                IReadOnlyList<IIpmiPort> ports = _host.Hardware.IpmiPorts;
                if (!ReferenceEquals(ports, _ports))
                {
                    _models = [.. ports.DistinctBy(p => p.Name).Select(p => _models.FirstOrDefault(m => ReferenceEquals(m.Port, p)) ?? new BmcModel(p, MachineName(p, ports), _host, _options))];
                    _ports = ports;
                }

                return _models;
            }
        }
    }

    public IProviderHost Host => _host;

    // The first local interface leads to this machine's own controller; every other controller stands for the machine of its name.
    private string MachineName(IIpmiPort port, IReadOnlyList<IIpmiPort> ports) =>
        ports.Count > 0 && ReferenceEquals(ports[0], port) && LocalName().IsMatch(port.Name) && ports.All(p => p.Name != _host.SystemName) ? _host.SystemName : port.Name;

    [GeneratedRegex("^ipmi[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex LocalName();
}
