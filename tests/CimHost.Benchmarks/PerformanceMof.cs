using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace CimHost.Benchmarks;

/// <summary>The classes that are measured, and their instances, as a zip of MOF.</summary>
internal static class PerformanceMof
{
    public static byte[] Zip()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "PERF_Few", 5);
            Add(zip, "PERF_Sensor", 1000);
        }

        return stream.ToArray();
    }

    private static void Add(ZipArchive zip, string className, int count)
    {
        var mof = new StringBuilder();
        mof.Append("[Version(\"1.0.0\")] class ").Append(className).Append(
            " { [Key] string DeviceID; string ElementName; uint16 HealthState; uint64 CurrentReading; sint32 UnitModifier; boolean Enabled; datetime LastUpdated; uint16 OperationalStatus[]; string Description; real64 Value; };\n");
        for (int i = 0; i < count; i++)
        {
            mof.Append(CultureInfo.InvariantCulture, $"instance of {className} {{ DeviceID=\"sensor-{i:D4}\"; ElementName=\"Temperature sensor {i}\"; HealthState=5; CurrentReading={40000 + i}; UnitModifier=-3; Enabled=true; ")
                .Append(CultureInfo.InvariantCulture, $"LastUpdated=\"20261122080000.000000+000\"; OperationalStatus={{2,5}}; Description=\"CPU package temperature sensor number {i}\"; Value={i}.5; }};\n");
        }

        using Stream entry = zip.CreateEntry(className + ".mof").Open();
        entry.Write(Encoding.UTF8.GetBytes(mof.ToString()));
    }
}
