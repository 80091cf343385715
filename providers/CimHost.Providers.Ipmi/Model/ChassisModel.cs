using CimHost.Providers.Ipmi.Wire.Commands;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>What a chassis can do, and the commands that make it do so.</summary>
internal sealed class ChassisModel(IpmiClient client)
{
    private (object Inventory, GetChassisCapabilities Capabilities)? _capabilities;

    /// <summary>The power state that clients asked for last through this host, in the numbers of CIM; null when none did.</summary>
    public ushort? LastRequested { get; private set; }

    /// <summary>Capabilities, read once per inventory; none when the controller does not tell them.</summary>
    public async Task<GetChassisCapabilities> CapabilitiesAsync(BmcInventory inventory, CancellationToken cancellationToken)
    {
        if (_capabilities is { } known && ReferenceEquals(known.Inventory, inventory))
        {
            return known.Capabilities;
        }

        GetChassisCapabilities capabilities = default;
        if (await client.TryReadAsync(GetChassisCapabilities.Request, cancellationToken) is { } data && !GetChassisCapabilities.TryRead(data.Span, out capabilities))
        {
            throw client.Malformed("Get Chassis Capabilities", data.Length);
        }

        _capabilities = (inventory, capabilities);
        return capabilities;
    }

    /// <summary>What started the machine last; null when the controller does not tell.</summary>
    public async Task<byte?> RestartCauseAsync(CancellationToken cancellationToken) =>
        await client.TryReadAsync(GetSystemRestartCause.Request, cancellationToken) is { } data && GetSystemRestartCause.TryRead(data.Span, out GetSystemRestartCause restart) ? restart.Cause : null;

    /// <summary>Switches the machine.</summary>
    /// <param name="control">One of the controls of <see cref="ChassisControl"/>.</param>
    /// <param name="requested">The power state that was asked for, in the numbers of CIM.</param>
    /// <param name="cancellationToken">Ends the wait, not what was begun.</param>
    public async ValueTask ControlAsync(byte control, ushort requested, CancellationToken cancellationToken)
    {
        await client.ReadAsync(ChassisControl.Request(control), "Chassis Control", cancellationToken);
        LastRequested = requested;
    }

    /// <summary>Lights the identify light for some seconds, until it is put out (null), or puts it out (0).</summary>
    public async ValueTask IdentifyAsync(byte? seconds, CancellationToken cancellationToken) =>
        await client.ReadAsync(seconds is { } time ? ChassisIdentify.For(time) : ChassisIdentify.Forever, "Chassis Identify", cancellationToken);
}
