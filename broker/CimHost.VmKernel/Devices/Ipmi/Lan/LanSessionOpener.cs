using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// Opens a session: asks the BMC what it speaks, then RMCP+ if it does, else IPMI 1.5 (IPMI 2.0 §13.14, §13.15). Asks for ADMINISTRATOR and
/// takes what the user may have; the session itself begins as USER and is raised only when a command needs it. What the BMC says that it
/// speaks is not authenticated: where a cipher suite is configured, or the BMC had RMCP+ before, IPMI 1.5 is refused, so that nobody in
/// between can make this side give away more of the password than it must.
/// </summary>
/// <param name="bmc">Where to and as whom.</param>
/// <param name="hadRmcpPlus">True when an RMCP+ session with this BMC was open before.</param>
/// <param name="timing">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class LanSessionOpener(RemoteBmc bmc, bool hadRmcpPlus, LanTiming timing, TimeProvider time)
{
    private const byte CurrentChannel = 0x0E;
    private const byte WithRmcpPlus = 0x80;
    private const byte Administrator = 4;

    private string Who => $"BMC '{bmc.Name}' ({bmc.Host}:{bmc.Port})";

    /// <summary>Opens a session.</summary>
    /// <exception cref="HardwareException">It could not be opened; the message says why and what to do, and never holds the password.</exception>
    public async Task<LanSession> OpenAsync(CancellationToken cancellationToken)
    {
        byte[] userName = Encoding.UTF8.GetBytes(bmc.UserName);
        if (userName.Length > Rakp1.MaxUserName)
        {
            throw Unavailable($"the user name is longer than the {Rakp1.MaxUserName} bytes that IPMI allows.");
        }

        using LanTransport transport = await LanTransport.ConnectAsync(bmc, Who, timing, time, cancellationToken);
        var commands = new SessionlessCommands(transport);
        try
        {
            AuthenticationCapabilities capabilities = await CapabilitiesAsync(commands, cancellationToken);
            if (!capabilities.SupportsRmcpPlus && (bmc.CipherSuite != 0 || hadRmcpPlus))
            {
                throw Unavailable(hadRmcpPlus
                    ? "it says that it has no RMCP+, but had before; a log-in with IPMI 1.5 is not attempted."
                    : $"it has no RMCP+, but cipher suite {bmc.CipherSuite} is configured; leave CipherSuite out to allow IPMI 1.5, which protects the password less.");
            }

            return capabilities.SupportsRmcpPlus
                ? await OpenRmcpPlusAsync(transport, commands, capabilities, userName, cancellationToken)
                : await new Handshake15(bmc, Who, transport, timing, time).OpenAsync(commands, capabilities, userName, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw Unavailable($"{e.Message}.");
        }
    }

    private async Task<AuthenticationCapabilities> CapabilitiesAsync(SessionlessCommands commands, CancellationToken cancellationToken)
    {
        // BMCs of before IPMI 2.0 may refuse the bit that asks about it.
        foreach (byte channel in (byte[])[CurrentChannel | WithRmcpPlus, CurrentChannel])
        {
            IpmiResponse answer = await commands.SendAsync(
                new IpmiRequest(IpmiCommands.App, IpmiCommands.GetChannelAuthenticationCapabilities, new[] { channel, Administrator }), cancellationToken);
            if (answer.IsSuccess && AuthenticationCapabilities.TryRead(answer.Data.Span, out AuthenticationCapabilities capabilities))
            {
                return capabilities;
            }
        }

        throw new HardwareException(HardwareFault.Malformed, $"{Who} gives no usable answer to Get Channel Authentication Capabilities.");
    }

    private async Task<LanSession> OpenRmcpPlusAsync(
        LanTransport transport, SessionlessCommands commands, AuthenticationCapabilities capabilities, byte[] userName, CancellationToken cancellationToken)
    {
        HardwareException? last = null;
        foreach (CipherSuite suite in await SuitesAsync(commands, cancellationToken))
        {
            var handshake = new HandshakeRmcpPlus(bmc, Who, transport, timing, time, suite, capabilities.NeedsBmcKey);
            (LanSession? session, last) = await handshake.OpenAsync(userName, cancellationToken);
            if (session is not null)
            {
                return session;
            }
        }

        throw last ?? Unavailable("no cipher suite is left to try.");
    }

    private async Task<IReadOnlyList<CipherSuite>> SuitesAsync(SessionlessCommands commands, CancellationToken cancellationToken)
    {
        if (bmc.CipherSuite != 0)
        {
            return [CipherSuite.Find(bmc.CipherSuite)
                ?? throw Unavailable($"cipher suite {bmc.CipherSuite} is not supported; one of {string.Join(", ", CipherSuite.Known)} is.")];
        }

        IReadOnlyList<byte>? offered = await OfferedSuitesAsync(commands, cancellationToken);
        CipherSuite[] ours = [.. ((byte[])[17, 3]).Where(id => offered?.Contains(id) ?? true).Select(id => CipherSuite.Find(id)!)];
        return ours.Length > 0
            ? ours
            : throw Unavailable($"it offers the cipher suites {string.Join(", ", offered!)}, of which none is taken without being configured; set CipherSuite to one of {string.Join(", ", CipherSuite.Known)}.");
    }

    // §22.15. Null when the BMC does not say.
    private static async Task<IReadOnlyList<byte>?> OfferedSuitesAsync(SessionlessCommands commands, CancellationToken cancellationToken)
    {
        const byte ListBySuite = 0x80;
        var records = new List<byte>();
        for (byte index = 0; records.Count < CipherSuiteRecords.MaxLength; index++)
        {
            IpmiResponse answer = await commands.SendAsync(
                new IpmiRequest(IpmiCommands.App, IpmiCommands.GetChannelCipherSuites, new byte[] { CurrentChannel, 0, (byte)(ListBySuite | index) }), cancellationToken);
            if (!answer.IsSuccess || answer.Data.Length < 1)
            {
                return null;
            }

            records.AddRange(answer.Data.Span[1..]);
            if (answer.Data.Length < 1 + CipherSuiteRecords.Piece)
            {
                break;
            }
        }

        return CipherSuiteRecords.TryRead([.. records], out IReadOnlyList<byte> suites) && suites.Count > 0 ? suites : null;
    }

    private HardwareException Unavailable(string why) => new(HardwareFault.Unavailable, $"{Who}: {why}");
}
