using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Watchdog Timer (IPMI 2.0 §27.7).</summary>
/// <param name="Use">Bit 7: expirations are not logged; bit 6: the timer runs; bits 2–0: what it watches.</param>
/// <param name="Actions">Bits 6–4: interrupt before the end; bits 2–0: action at the end.</param>
/// <param name="PreTimeoutSeconds">How long before the end the interrupt comes.</param>
/// <param name="Expired">Bit n: a timer with use n has expired since the flag was cleared.</param>
/// <param name="InitialCountdown">Timeout in tenths of a second.</param>
/// <param name="PresentCountdown">What is left of it; null from controllers that leave it out.</param>
internal readonly record struct GetWatchdogTimer(byte Use, byte Actions, byte PreTimeoutSeconds, byte Expired, ushort InitialCountdown, ushort? PresentCountdown)
{
    // A controller in the field (OpenIPMI's simulator) ends with the initial countdown.
    private const int ShortLength = 6;
    private const int Length = 8;

    public static IpmiRequest Request { get; } = new(NetworkFunction.App, 0x25);

    public bool IsRunning => (Use & 0x40) != 0;

    public bool IsLogged => (Use & 0x80) == 0;

    /// <summary>What is watched: 1 BIOS FRB2, 2 BIOS/POST, 3 OS load, 4 SMS/OS, 5 OEM.</summary>
    public int TimerUse => Use & 7;

    /// <summary>0 none, 1 hard reset, 2 power down, 3 power cycle.</summary>
    public int Action => Actions & 7;

    /// <summary>0 none, 1 SMI, 2 NMI, 3 messaging interrupt.</summary>
    public int PreTimeoutInterrupt => (Actions >> 4) & 7;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetWatchdogTimer result)
    {
        result = data.Length < ShortLength ? default : new GetWatchdogTimer(
            data[0],
            data[1],
            data[2],
            data[3],
            BinaryPrimitives.ReadUInt16LittleEndian(data[4..]),
            data.Length < Length ? null : BinaryPrimitives.ReadUInt16LittleEndian(data[6..]));
        return data.Length >= ShortLength;
    }
}
