using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sel;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Answers of the event log's commands, and what is told of its records with and without a record of their sensor.</summary>
public class SelFuzz
{
    private static readonly byte[][] s_seeds =
    [
        Convert.FromHexString("0200" + "0100021020306620000401010157" + "5150"),
        Convert.FromHexString("FFFF" + "02000210203066200004080B6F66" + "03FF"),
        Convert.FromHexString("0300" + "0300C010203066B1A200010203040506"),
        Convert.FromHexString("FFFF" + "0400F02000466174616C206578636570"),
        Convert.FromHexString("510A00603E10203066FFFFFFFF8A"),
    ];

    private static readonly BmcInventory s_inventory = Inventory();

    [Fact]
    public void Any_answer_is_a_record_that_can_be_told_or_is_refused() => Fuzzer.Run(s_seeds, static data =>
    {
        _ = GetSelInfo.TryRead(data, out GetSelInfo? info) ? info!.PercentUsed : null;
        _ = ReserveSel.TryRead(data, out _);
        _ = ClearSel.TryRead(data, out _);
        if (GetSelEntry.TryRead(data, out _, out SelRecord? record))
        {
            var logged = new SelEvent(record!, s_inventory);
            _ = logged.MessageId;
            _ = record!.Time;
            _ = record.SecondsSinceStart;
            ArgumentException.ThrowIfNullOrEmpty(logged.Message);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(logged.PerceivedSeverity, 7);
        }
    });

    private static BmcInventory Inventory()
    {
        GetDeviceId.TryRead([0x20, 0x81, 0x03, 0x15, 0x02, 0xBF, 0x57, 0x01, 0x00, 0x34, 0x12], out GetDeviceId? device);
        byte[] sensor = Convert.FromHexString("010051013820000107017F680101950A950A3F3F00010000010000000000071A3C0CFF005A50460000050A0202000000CC416D6269656E742054656D70");
        sensor[4] = (byte)(sensor.Length - 5);
        return SdrRecord.TryRead(sensor, out SdrRecord? record, out string? problem)
            ? new BmcInventory("ipmi0", device!, 0, [record!], [])
            : throw new InvalidOperationException(problem);
    }
}
