using CimHost.Commands;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Tests.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Commands;

public sealed class SensorsCommandTests
{
    private static readonly CimClass s_class = new("OMC_NumericSensor", "CIM_NumericSensor",
    [
        Property("DeviceID", CimType.String) with { Qualifiers = new([new CimQualifier("Key", CimType.Boolean, true)]) },
        Property("ElementName", CimType.String), Property("SensorType", CimType.UInt16), Property("BaseUnits", CimType.UInt16), Property("RateUnits", CimType.UInt16),
        Property("UnitModifier", CimType.SInt32), Property("CurrentReading", CimType.SInt32), Property("CurrentState", CimType.String), Property("HealthState", CimType.UInt16),
        Property("LowerThresholdCritical", CimType.SInt32), Property("UpperThresholdNonCritical", CimType.SInt32), Property("UpperThresholdFatal", CimType.SInt32),
        Property("ReadingState", CimType.String), Property("ReadingTime", CimType.DateTime), Property("ReadingReason", CimType.String),
    ]);

    private static CimPropertyDeclaration Property(string name, CimType type) => new() { Name = name, CimType = type };

    private static CimInstance Sensor(string name, ushort unit, int modifier, int? reading, Action<CimInstance>? more = null)
    {
        var sensor = new CimInstance(s_class, "root/cimv2");
        sensor["DeviceID"] = name;
        sensor["ElementName"] = name;
        sensor["BaseUnits"] = unit;
        sensor["UnitModifier"] = modifier;
        sensor["CurrentReading"] = reading;
        sensor["HealthState"] = (ushort)5;
        sensor["ReadingState"] = reading is null ? "TimedOut" : "Ok";
        more?.Invoke(sensor);
        return sensor;
    }

    private static CimInstance Voltage => Sensor("12V", 5, -2, 1204, s =>
    {
        s["SensorType"] = (ushort)3;
        s["CurrentState"] = "Normal";
        s["LowerThresholdCritical"] = -5;
        s["UpperThresholdNonCritical"] = 1320;
        s["ReadingTime"] = new CimDateTime(new DateTimeOffset(2026, 11, 25, 4, 0, 0, TimeSpan.Zero));
    });

    private static CimInstance Silent => Sensor("CPU 1", 2, 0, null, s => s["ReadingReason"] = "the BMC gave no answer");

    [Theory]
    [InlineData(1204, -2, "12.04")]
    [InlineData(5, -2, "0.05")]
    [InlineData(-5, -1, "-0.5")]
    [InlineData(0, -3, "0")]
    [InlineData(36850, -3, "36.85")]
    [InlineData(224000000, -6, "224")]
    [InlineData(42, 0, "42")]
    [InlineData(12, 3, "12000")]
    [InlineData(0, 3, "0")]
    [InlineData(7, 99, "7")]
    public void A_reading_is_scaled_by_its_modifier(int reading, int modifier, string shown) => Assert.Equal(shown, new SensorRow(Sensor("x", 2, modifier, reading)).Reading);

    [Theory]
    [InlineData(2, 0, "°C")]
    [InlineData(5, 0, "V")]
    [InlineData(7, 0, "W")]
    [InlineData(19, 0, "RPM")]
    [InlineData(38, 4, "revolutions/min")]
    [InlineData(65, 0, "%")]
    [InlineData(0, 0, "")]
    [InlineData(900, 900, "")]
    public void A_unit_has_its_usual_sign(int unit, int rate, string sign) => Assert.Equal(sign, new SensorRow(Sensor("x", (ushort)unit, 0, 1, s => s["RateUnits"] = (ushort)rate)).Unit);

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(-30, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(600, "10 min")]
    [InlineData(10_800, "3 h")]
    [InlineData(864_000, "10 d")]
    public void An_age_is_told_in_a_unit_that_fits(int seconds, string age)
    {
        var row = new SensorRow(Voltage);
        Assert.Equal(age, row.Age(row.Time!.Value.AddSeconds(seconds)));
    }

    [Fact]
    public async Task Sensors_without_a_reading_say_why_and_show_no_number()
    {
        await using var run = new CommandRun(_ => ScriptedAnswer.Intrinsic("OpenEnumerateInstances", WireXml.Pulled(WireXml.WithPath(Voltage) + WireXml.WithPath(Silent), null)));
        Assert.Equal(0, await run.RunAsync("sensors"));
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^ Name +Reading +Unit +State +Thresholds +Age$", lines[0]);
        Assert.Matches(@"^ 12V +12\.04 +V +Normal +lcr -0\.05  unc 13\.2 +\d+ \w+$", lines[2]);
        Assert.Matches(@"^ CPU 1 +°C +TimedOut: the BMC gave no answer$", lines[3]);
        Assert.Equal("CIM_Sensor", run.Requests.First().Call.ClassName("ClassName"));
    }

    [Fact]
    public async Task Sensors_as_JSON_have_numbers_and_nulls()
    {
        await using var run = new CommandRun(_ => ScriptedAnswer.Intrinsic("OpenEnumerateInstances", WireXml.Pulled(WireXml.WithPath(Voltage) + WireXml.WithPath(Silent), null)));
        Assert.Equal(0, await run.RunAsync("sensors", "--json"));
        Assert.StartsWith(
            """
            [
            {
              "name": "12V",
              "path": "root/cimv2:OMC_NumericSensor.DeviceID=\"12V\"",
              "class": "OMC_NumericSensor",
              "type": "voltage",
              "reading": 12.04,
              "unit": "V",
              "state": "Normal",
              "healthState": 5,
              "readingState": "Ok",
              "reason": null,
              "thresholds": {
                "lowerFatal": null,
                "lowerCritical": -0.05,
                "lowerNonCritical": null,
                "upperNonCritical": 13.2,
                "upperCritical": null,
                "upperFatal": null
              },
              "readingTime": {
                "iso": "2026-11-25T04:00:00+00:00",
                "cim": "20261125040000.000000+000"
              }
            },
            {
              "name": "CPU 1",
              "path": "root/cimv2:OMC_NumericSensor.DeviceID=\"CPU 1\"",
              "class": "OMC_NumericSensor",
              "type": null,
              "reading": null,
              "unit": "°C",
              "state": null,
              "healthState": 5,
              "readingState": "TimedOut",
              "reason": "the BMC gave no answer",
            """,
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_ends_with_an_interrupt_and_0()
    {
        using var interrupt = new CancellationTokenSource();
        int rounds = 0;
        await using var server = ScriptedWbemServer.Start(_ =>
        {
            if (++rounds < 3)
            {
                return ScriptedAnswer.Intrinsic("OpenEnumerateInstances", WireXml.Pulled(WireXml.WithPath(Voltage), null));
            }

            interrupt.Cancel();
            return null;
        });
        await using var run = new CommandRun();
        Assert.Equal(0, await run.RunRawAsync(["sensors", "--watch", "0.1", "--host", "http://" + server.Address], null, interrupt.Token));
        Assert.Equal(3, rounds);
        Assert.Equal(2, run.Output.Split('\n').Count(l => l.StartsWith(" 12V", StringComparison.Ordinal)));
    }
}
