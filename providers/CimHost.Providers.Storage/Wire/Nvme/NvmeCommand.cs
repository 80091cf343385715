using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>The NVMe admin commands that are used (NVMe Base 2.0 §5).</summary>
internal static class NvmeCommand
{
    private const uint All = 0xFFFF_FFFF;

    /// <summary>Identify: 0 a namespace, 1 the controller, 2 the list of namespaces.</summary>
    public static NvmeAdminCommand Identify(byte what, uint namespaceId) =>
        new(0x06, namespaceId, DataDirection.FromDevice, 4096) { Dword10 = what };

    /// <summary>Get Log Page.</summary>
    /// <param name="page">Identifier of the page.</param>
    /// <param name="length">Bytes, a multiple of 4.</param>
    /// <param name="specific">Log specific identifier: the endurance group.</param>
    public static NvmeAdminCommand GetLogPage(byte page, int length, ushort specific = 0)
    {
        uint dwords = (uint)(length / 4) - 1;
        return new NvmeAdminCommand(0x02, All, DataDirection.FromDevice, length)
        {
            Dword10 = page | ((dwords & 0xFFFF) << 16),
            Dword11 = (dwords >> 16) | ((uint)specific << 16),
        };
    }

    /// <summary>Device Self-test: 1 short, 2 extended, Fh abort.</summary>
    public static NvmeAdminCommand SelfTest(byte code) => new(0x14, All) { Dword10 = code };
}
