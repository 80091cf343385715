using CimHost.VmKernel.Devices.Ipmi.Lan.Security;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>A session at an RMCP server: half-open until RAKP message 3 proved the password, then active.</summary>
internal sealed class RmcpServerSession(uint id, uint consoleId, byte handle, CipherSuite suite)
{
    /// <summary>The server's id of the session.</summary>
    public uint Id => id;

    /// <summary>The console's id of the session.</summary>
    public uint ConsoleId => consoleId;

    /// <summary>Small number of the session, from 1.</summary>
    public byte Handle => handle;

    /// <summary>Suite that was agreed.</summary>
    public CipherSuite Suite => suite;

    /// <summary>Key exchange after RAKP message 1.</summary>
    public KeyExchange? Exchange { get; set; }

    /// <summary>User after RAKP message 1.</summary>
    public RmcpUser? User { get; set; }

    /// <summary>Number of the user, from 1.</summary>
    public byte UserNumber { get; set; }

    /// <summary>Packets of the session once it is active.</summary>
    public RmcpPlusCodec? Codec { get; set; }

    /// <summary>Current privilege; a session begins as USER.</summary>
    public byte Privilege { get; set; } = 2;

    /// <summary>Highest privilege that was asked for and granted.</summary>
    public byte MaxPrivilege { get; set; }

    /// <summary>Time stamp of the last authentic packet.</summary>
    public long LastUsed { get; set; }

    /// <summary>True once the password was proved.</summary>
    public bool IsActive => Codec is not null;
}
