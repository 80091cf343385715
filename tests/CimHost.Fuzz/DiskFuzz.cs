using System.Text;
using CimHost.Providers.Storage.Wire.Ata;
using CimHost.Providers.Storage.Wire.Nvme;
using CimHost.Providers.Storage.Wire.Scsi;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Everything that a disk can answer. ATA sectors are also tried with a right checksum, or no field would be looked at.</summary>
public class DiskFuzz
{
    private const int Sector = 512;

    [Fact]
    public void Any_bytes_are_ATA_data_or_are_refused_with_a_reason() => Fuzzer.Run(Seeds("ata-"), static data =>
    {
        Ata(data);
        byte[] whole = new byte[Math.Max((data.Length + Sector - 1) / Sector, 1) * Sector];
        data.CopyTo(whole, 0);
        for (int at = 0; at < whole.Length; at += Sector)
        {
            whole[at + Sector - 1] = 0;
            whole[at + Sector - 1] = (byte)-whole.Skip(at).Take(Sector).Sum(b => b);
        }

        Ata(whole);
    });

    [Fact]
    public void Any_bytes_are_NVMe_data_or_are_refused_with_a_reason() => Fuzzer.Run(Seeds("nvme-"), static data =>
    {
        Said(NvmeIdentifyController.TryRead(data, out _, out string? reason), reason);
        Said(NvmeIdentifyNamespace.TryRead(data, out _, out reason), reason);
        Said(NvmeHealthLog.TryRead(data, out _, out reason), reason);
        Said(NvmeFirmwareSlots.TryRead(data, out _, out reason), reason);
        Said(NvmeSelfTestLog.TryRead(data, out _, out reason), reason);
        Said(NvmeEnduranceGroup.TryRead(data, out _, out reason), reason);
        Assert.InRange(NvmeErrorLog.Read(data).Count, 0, 256);
    });

    [Fact]
    public void Any_bytes_are_SCSI_data_or_are_refused_with_a_reason() => Fuzzer.Run(Seeds("scsi-"), static data =>
    {
        Said(ScsiInquiry.TryRead(data, out _, out string? reason), reason);
        Said(ReadCapacity.TryRead(data, out _, out reason), reason);
        _ = ScsiSenseData.TryRead(data, out _);
        _ = AtaStatusReturn.TryRead(data, out _);
        _ = DeviceIdentification.TryRead(data, out _);
        _ = VpdPage.SerialNumber(data);
        _ = VpdPage.Supported(data);
        _ = VpdPage.Characteristics(data);
        _ = VpdPage.CanUnmap(data);
        _ = VpdPage.MaximumTransferBlocks(data);
        _ = DefectData.GrownCount(data, twelve: true);
        _ = DefectData.GrownCount(data, twelve: false);
        _ = LogPage.Supported(data);
        byte code = (byte)(data.Length > 0 ? data[0] & 0x3F : 0);
        Said(LogPage.TryRead(data, code, out LogPage? page, out reason), reason);
        if (page is not null)
        {
            _ = page.Number(0);
            _ = ScsiLogs.Temperature(page);
            _ = ScsiLogs.InformationalException(page);
            _ = ScsiLogs.PercentageUsed(page);
            _ = ScsiLogs.BackgroundScan(page);
            _ = ScsiLogs.StartStop(page);
            _ = ScsiLogs.SelfTests(page);
            Assert.InRange(ScsiLogs.SasPhys(page).Count, 0, 128);
        }
    });

    [Fact]
    public void Any_bytes_are_enclosure_pages_or_are_refused_with_a_reason()
    {
        byte[][] seeds = Seeds("enclosure-");
        byte[] configuration = seeds.First(s => s.Length > 0 && s[0] == 1);
        byte[] status = seeds.First(s => s.Length > 0 && s[0] == 2), names = seeds.First(s => s.Length > 0 && s[0] == 7), places = seeds.First(s => s.Length > 0 && s[0] == 10);
        Assert.True(SesConfiguration.TryRead(configuration, out SesConfiguration? good, out _));
        Fuzzer.Run(seeds, data =>
        {
            Said(SesConfiguration.TryRead(data, out SesConfiguration? other, out string? reason), reason);
            if (other is not null)
            {
                Said(SesElements.TryRead(other, status, names, places, out _, out reason), reason);
            }

            Said(SesElements.TryRead(good, data, names, places, out _, out reason), reason);
            Assert.True(SesElements.TryRead(good, status, data, data, out IReadOnlyList<SesElement>? elements, out _));
            Assert.All(elements, e => _ = (e.Rpm, e.Celsius, e.Hundredths, e.IsFaulted));
        });
    }

    [Fact]
    public void Any_text_is_a_drive_database()
    {
        byte[] seed = Encoding.Latin1.GetBytes("""
            /* */ { "VERSION: 7.3", "-", "-", "", "" }, { "DEFAULT", "-", "-", "", "-v 9,raw24(raw8),Power_On_Hours -v 233,raw48,X,SSD" },
            { "Family", "EXAMPLE (A|B)[0-9]+", "F.*", "warn\n", "-v 9,minutes " "-v 5,raw16(raw16)+:54r,N -v N,hex64" }, // end
            """);
        Fuzzer.Run([seed], static data =>
        {
            DriveDatabase database = DriveDatabase.Read(Encoding.Latin1.GetString(data));
            if (database.Find("EXAMPLE A1", "F1") is { } entry)
            {
                var attribute = new SmartAttribute(9, 0x32, 100, 99, 0x060504030201, 7);
                foreach (AttributePreset preset in AttributePresets.Read(entry.Presets).Values)
                {
                    Assert.NotEmpty(RawValue.Text(attribute, preset.Definition));
                    _ = (RawValue.Celsius(attribute, preset.Definition), RawValue.Hours(attribute, preset.Definition));
                }
            }
        });
    }

    private static void Ata(byte[] data)
    {
        Said(IdentifyDevice.TryRead(data, out _, out string? reason), reason);
        Said(SmartData.TryRead(data, out SmartData? smart, out reason), reason);
        foreach (SmartAttribute attribute in smart?.Attributes ?? [])
        {
            Assert.NotEmpty(RawValue.Text(attribute, null));
            _ = RawValue.Celsius(attribute, null);
        }

        Said(SmartThresholds.TryRead(data, out _, out reason), reason);
        Said(AtaErrorLog.TryReadSummary(data, out _, out reason), reason);
        Said(AtaErrorLog.TryReadExtended(data, out _, out reason), reason);
        Said(AtaSelfTestLog.TryRead(data, out _, out reason), reason);
        Said(AtaSelfTestLog.TryReadExtended(data, out _, out reason), reason);
        Said(LogDirectory.TryRead(data, out _, out reason), reason);
        Said(SctStatus.TryRead(data, out _, out reason), reason);
        Said(DeviceStatistics.TryReadPages(data, out _, out reason), reason);
        Said(DeviceStatistics.TryRead(data, data.Length > 2 ? data[2] : (byte)0, out _, out reason), reason);
    }

    // What is refused has a reason, and what is taken has none.
    private static void Said(bool taken, string? reason) => Assert.Equal(taken, reason is null);

    // The answers of the devices in the fixtures.
    private static byte[][] Seeds(string kind)
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "CimHost.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The repository was not found.");
        }

        byte[][] seeds =
        [
            .. Directory.EnumerateDirectories(Path.Combine(root, "tests", "fixtures", "disks"), kind + "*").Order(StringComparer.Ordinal).Take(6)
                .SelectMany(d => DiskRecording.Parse(File.ReadAllText(Path.Combine(d, "commands.txt"))).Answers.Values)
                .SelectMany(a => new[] { a.Data, a.Sense })
                .Where(b => b.Length > 0),
        ];
        Assert.NotEmpty(seeds);
        return seeds;
    }
}
