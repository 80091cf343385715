using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sdr;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Sensor data records, and what a sensor is made of them.</summary>
public class SdrFuzz
{
    private static readonly byte[][] s_seeds =
    [
        Convert.FromHexString("010051013820003007017F680101950A950A3F3F00010000010000000000071A3C0CFF005A50460000050A0202000000CC416D6269656E742054656D70"),
        Convert.FromHexString("02005102232000400A0163400" + "86FFF000000FF00C00000010000000000000000C653746174757300"),
        Convert.FromHexString("0300510314200050070123" + "6F01000000C85761746368646F67"),
        Convert.FromHexString("04005111112001800000100000" + "0A0100C550535520" + "31"),
        Convert.FromHexString("050051120E200000BF0000000701" + "00C3424D43"),
        Convert.FromHexString("060051080B1701000A010A0200000000"),
    ];

    [Fact]
    public void Any_bytes_make_a_record_or_a_reason() => Fuzzer.Run(s_seeds, static data =>
    {
        if (!SdrRecord.TryRead(data, out SdrRecord? record, out string? problem))
        {
            ArgumentException.ThrowIfNullOrEmpty(problem);
            return;
        }

        if (record is SensorRecord sensor)
        {
            for (int i = 0; i < sensor.ShareCount; i++)
            {
                Use(new BmcSensor(sensor, i, "ipmi0"));
            }
        }
    });

    private static void Use(BmcSensor sensor)
    {
        _ = sensor.Units.Symbol;
        _ = sensor.TellsPresence(out _, out _);
        foreach (int offset in sensor.StateOffsets)
        {
            _ = sensor.State(offset);
        }

        if (sensor.Kind == SensorKind.Numeric)
        {
            var scale = new CimHost.Providers.Ipmi.Cim.NumericScale(sensor);
            for (int raw = 0; raw < 256; raw++)
            {
                _ = scale.ScaleRaw(sensor.Full!, (byte)raw);
            }
        }
    }
}
