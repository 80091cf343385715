using System.Xml.Linq;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>The old server's controller has every fault of the field; what it can tell is told, and nothing else is made up.</summary>
public sealed class OldServerTests
{
    [Fact]
    public async Task Its_sensors_are_read_over_cancelled_reservations_a_wrong_length_and_a_busy_controller()
    {
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = RepositoryRoot.PathOf("samples/machines/old-server"), Arguments = ["--Dispatch:DeadlineSeconds=60"] });
        using CimXmlClient client = CimXmlClient.Of(host);
        CimXmlAnswer numeric = (await client.EnumerateAsync("root/cimv2", "OMC_NumericSensor")).Succeeded();

        Assert.Equal("26", Value(numeric, "Ambient"));
        Assert.Equal("51", Value(numeric, "CPU 1"));
        Assert.Equal(["7500", "7500", "7500", "7500", "7500"], Enumerable.Range(1, 5).Select(n => Value(numeric, $"Fan {n}")));

        // What is not there or not scanned has a state and no value.
        foreach (string name in (string[])["CPU 2", "Planar Temp"])
        {
            Assert.Null(Value(numeric, name));
            Assert.NotEqual("Ok", CimXmlClient.ValueOf(Sensor(numeric, name), "ReadingState"));
            Assert.NotEqual("25", CimXmlClient.ValueOf(Sensor(numeric, name), "HealthState"));
        }

        // The product area of the board's FRU has a wrong checksum; the board area is good.
        IReadOnlyList<XElement> cards = (await client.EnumerateAsync("root/cimv2", "OMC_Card")).Succeeded().Instances;
        Assert.Contains(cards, c => CimXmlClient.ValueOf(c, "SerialNumber") == "EX07B41221");
        Assert.Single((await client.EnumerateAsync("root/cimv2", "CimHost_DiskDrive")).Succeeded().Instances);
    }

    private static XElement Sensor(CimXmlAnswer answer, string name) => answer.Instances.Single(i => CimXmlClient.ValueOf(i, "Name") == name);

    private static string? Value(CimXmlAnswer answer, string name) => CimXmlClient.ValueOf(Sensor(answer, name), "CurrentReading");
}
