using CimHost.Alerts.Observing;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Alerts.Tests.Observing;

public class BelongingsTests
{
    [Fact]
    public void The_fan_of_a_power_supply_is_a_part_of_it_and_other_fans_are_not()
    {
        CimObjectPath supply = Path("Supply", "1"), fan = Path("Fan", "of supply"), other = Path("Fan", "other");
        Dictionary<string, CimObjectPath> devices = AlertPolling.Belongings(
        [
            (Path("Sensor", "volts"), supply), (Path("Sensor", "rpm"), fan), (Path("Sensor", "rpm"), supply), (Path("Sensor", "status"), supply), (Path("Sensor", "other"), other),
        ]);
        Assert.Equal(supply, devices[Key(Path("Sensor", "rpm"))]);
        Assert.Equal(supply, devices[Key(fan)]);
        Assert.Equal(other, devices[Key(Path("Sensor", "other"))]);
        Assert.False(devices.ContainsKey(Key(other)));
        Assert.False(devices.ContainsKey(Key(supply)));
    }

    private static CimObjectPath Path(string className, string id) => new(className, "DeviceID", id);

    private static string Key(CimObjectPath path) => $"{path.ClassName}.{path.KeyString}";
}
