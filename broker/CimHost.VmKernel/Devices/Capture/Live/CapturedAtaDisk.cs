using System.Buffers.Binary;
using CimHost.VmKernel.Devices.Emulation.Disks;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>An ATA disk (ACS-4 §7.49, §9).</summary>
internal sealed class CapturedAtaDisk : CapturedDisk
{
    private const int Sector = 512, Entries = 30, EntryLength = 12;
    private const byte ReadData = 0xD0, ReadThresholds = 0xD1, ReadLog = 0xD5, ReturnStatus = 0xDA, Statistics = 0x04, Sct = 0xE0, TemperaturePage = 0x05, HotSwap = 190, Temperature = 194;

    private readonly AtaDescription _description;

    public CapturedAtaDisk(CommandLog log)
    {
        byte[]? thresholds = Data(log, r => AtaCommandIn.Of(r) is { Command: AtaCommandIn.Smart, Feature: ReadThresholds }, Sector);
        byte[]? sct = Data(log, r => IsSct(AtaCommandIn.Of(r)), Sector);
        _description = new AtaDescription
        {
            Name = log.Name,
            Location = log.Location,
            Model = string.Empty,
            SerialNumber = string.Empty,
            Firmware = string.Empty,
            Attributes = [.. Attributes(Data(log, r => AtaCommandIn.Of(r) is { Command: AtaCommandIn.Smart, Feature: ReadData }, Sector), thresholds)],
            Temperature = sct is null ? null : new AtaTemperature((sbyte)sct[200], (sbyte)sct[201], (sbyte)sct[202], (sbyte)sct[203], (sbyte)sct[204]),
        };
        byte[]? registers = log.Exchanges.Values.FirstOrDefault(e => AtaCommandIn.Of(e.Request) is { Command: AtaCommandIn.Smart, Feature: ReturnStatus } && HasRegisters(e.Sense))?.Sense;
        _description = _description with { Failing = registers is not null && registers[17] == 0xF4 && registers[19] == 0x2C };
        bool warm = _description.Temperature is not null || _description.Attributes.Exists(a => a.Id is HotSwap or Temperature);
        Settable = SettableWithout("powerMode", registers is null ? "failing" : string.Empty, warm ? string.Empty : "temperature");
    }

    public override DiskDescription Description => _description;

    public override IReadOnlyList<string> Settable { get; }

    public override void Change(DiskDescription now, ReadOnlySpan<byte> request, Span<byte> data, Span<byte> sense)
    {
        if (now is not AtaDescription disk || AtaCommandIn.Of(request) is not { } command)
        {
            return;
        }

        if (command is { Command: AtaCommandIn.Smart, Feature: ReadData } && data.Length >= Sector)
        {
            ChangeAttributes(disk, data[..Sector]);
        }
        else if (command is { Command: AtaCommandIn.Smart, Feature: ReturnStatus } && HasRegisters(sense))
        {
            // 4Fh and C2h in the middle and high byte of the LBA: no threshold is exceeded; F4h and 2Ch: one is (ACS-4 §7.49.8).
            (sense[17], sense[19]) = disk.Failing ? ((byte)0xF4, (byte)0x2C) : ((byte)0x4F, (byte)0xC2);
        }
        else if (IsSct(command) && data.Length >= Sector && disk.Temperature is { } temperature)
        {
            data[200] = (byte)temperature.Current;
        }
        else if (command is { Command: AtaCommandIn.ReadLogExt, Log: Statistics } && Celsius(disk) is { } celsius)
        {
            int at = (TemperaturePage - command.Page) * Sector;
            if (at >= 0 && at + Sector <= data.Length)
            {
                data[at + 8] = (byte)celsius;
            }
        }
    }

    private static bool IsSct(AtaCommandIn? command) => command is { Command: AtaCommandIn.Smart, Feature: ReadLog, Log: Sct } or { Command: AtaCommandIn.ReadLogExt, Log: Sct };

    // ATA Status Return descriptor in sense data of descriptor format (SAT-4 §12.2.2.7).
    private static bool HasRegisters(ReadOnlySpan<byte> sense) => sense.Length >= 22 && (sense[0] & 0x7F) == 0x72 && sense[8] == 0x09;

    private static sbyte? Celsius(AtaDescription disk) =>
        disk.Temperature?.Current ?? (sbyte?)(disk.Attributes.Find(a => a.Id == Temperature) ?? disk.Attributes.Find(a => a.Id == HotSwap))?.Raw[0];

    private static IEnumerable<AtaAttribute> Attributes(byte[]? data, byte[]? thresholds)
    {
        for (int at = 2; data is not null && at < 2 + (Entries * EntryLength); at += EntryLength)
        {
            byte id = data[at];
            if (id != 0)
            {
                int found = Enumerable.Range(0, Entries).Select(i => 2 + (i * EntryLength)).FirstOrDefault(i => thresholds is not null && thresholds[i] == id);
                yield return new AtaAttribute(
                    id, BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at + 1)), data[at + 3], data[at + 4], found == 0 ? (byte)0 : thresholds![found + 1], data[(at + 5)..(at + 11)]);
            }
        }
    }

    private static void ChangeAttributes(AtaDescription disk, Span<byte> data)
    {
        for (int at = 2; at < 2 + (Entries * EntryLength); at += EntryLength)
        {
            byte id = data[at];
            if (disk.Attributes.Find(a => a.Id == id) is { } attribute)
            {
                (data[at + 3], data[at + 4]) = (attribute.Value, attribute.Worst);
                attribute.Raw.CopyTo(data[(at + 5)..]);
            }
        }

        AtaLogs.Checksum(data);
    }
}
