using System.Text;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Object paths and datetimes in text: read or refused, and what was read is written and read to the same again.</summary>
public class ObjectPathFuzz
{
    private static readonly byte[][] s_paths =
    [
        "root/cimv2:CIM_Fan.DeviceID=\"1\""u8.ToArray(),
        "//[::1]:5988/root/cimv2:CIM_Fan.A=1,B=-2,C=TRUE,D='x',E=1.5E+3"u8.ToArray(),
        "http://host/root:A.R=\"root:B.K=\\\"a \\\\\\\"b\\\\\\\"\\\"\""u8.ToArray(),
        "A.B='\\''"u8.ToArray(),
        "/root:A"u8.ToArray(),
        "A"u8.ToArray(),
    ];

    private static readonly byte[][] s_times =
    [
        "20261125063000.123456+060"u8.ToArray(),
        "00000101000000.000000+720"u8.ToArray(),
        "99991231235959.999999-840"u8.ToArray(),
        "2026112506****.******+000"u8.ToArray(),
        "99999999235959.999***:000"u8.ToArray(),
    ];

    [Fact]
    public void An_object_path() => Fuzzer.Run(s_paths, bytes =>
    {
        if (CimObjectPath.TryParse(Encoding.UTF8.GetString(bytes), out CimObjectPath? path))
        {
            Assert.True(CimObjectPath.TryParse(path!.ToString(), out CimObjectPath? again), path.ToString());
            Assert.Equal(path, again);
        }
    });

    [Fact]
    public void A_datetime() => Fuzzer.Run(s_times, bytes =>
    {
        string text = Encoding.UTF8.GetString(bytes);
        if (CimDateTime.TryParse(text, out CimDateTime time))
        {
            Assert.Equal(time, CimDateTime.Parse(time.ToString()));
            if (!time.IsInterval)
            {
                _ = time.ToDateTimeOffset();
            }
        }
    });
}
