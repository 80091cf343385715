using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>The commands of one management controller or disk with their answers.</summary>
/// <param name="Name">Name of the port.</param>
/// <param name="Protocol">"ipmi", "scsi" or "nvme".</param>
internal sealed record CommandLog(string Name, string Protocol)
{
    public const string Ipmi = "ipmi";
    public const string Scsi = "scsi";
    public const string Nvme = "nvme";

    /// <summary>What the port was attached to, for people.</summary>
    public string Description { get; set; } = string.Empty;

    /// <summary>Where the device was attached; empty for controllers.</summary>
    public string Location { get; set; } = string.Empty;

    /// <summary>How many commands the port takes at once.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The commands, by <see cref="Exchange.Key"/>.</summary>
    public ConcurrentDictionary<string, Exchange> Exchanges { get; } = new(StringComparer.Ordinal);

    public DiskProtocol DiskProtocol => Protocol == Nvme ? DiskProtocol.Nvme : DiskProtocol.Scsi;

    /// <summary>Keeps an answer unless a better one is there.</summary>
    public void Add(Exchange exchange) => Exchanges.AddOrUpdate(exchange.Key, exchange, (_, known) => exchange.Rank >= known.Rank ? exchange : known);
}
