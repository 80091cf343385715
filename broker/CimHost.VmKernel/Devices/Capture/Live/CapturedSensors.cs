using System.Buffers.Binary;
using CimHost.VmKernel.Devices.Emulation.Controller;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>
/// The sensors of a captured controller, read out of its answers to Get SDR (IPMI 2.0 §33.12, §43.1, §43.2). Those of controllers behind it
/// and those whose conversion changes with the reading (linearisation 70h to 7Fh) are left out.
/// </summary>
internal static class CapturedSensors
{
    private const byte StorageNetFn = 0x0A, GetSdr = 0x23, GetSensorThresholds = 0x27, NotPresent = 0xCB, Own = 0x20;
    private const int MostRecords = 1000, HeaderLength = 5, LongestRecord = HeaderLength + 255;
    private const int FullName = 47, CompactName = 31;

    /// <summary>The sensors with their values of then.</summary>
    public static IReadOnlyList<SensorDescription> Read(CommandLog log) => [.. Records(log).SelectMany(r => Sensors(log, r))];

    // Records are read in pieces: reservation, record id, offset and count in the request; the next record's id and the bytes in the answer.
    private static IEnumerable<byte[]> Records(CommandLog log)
    {
        var records = new SortedDictionary<ushort, (byte[] Bytes, int Length)>();
        foreach (Exchange e in log.Exchanges.Values)
        {
            if (e.Rank < 2 || e.Request is not { Length: 9 } r || r[0] != StorageNetFn || r[2] != GetSdr || e.Data.Length < 2 || r[7] + e.Data.Length - 2 > LongestRecord)
            {
                continue;
            }

            ushort id = BinaryPrimitives.ReadUInt16LittleEndian(r.AsSpan(5));
            if (!records.TryGetValue(id, out (byte[] Bytes, int Length) record))
            {
                if (records.Count >= MostRecords)
                {
                    continue;
                }

                record = (new byte[LongestRecord], 0);
            }

            e.Data.AsSpan(2).CopyTo(record.Bytes.AsSpan(r[7]));
            records[id] = (record.Bytes, Math.Max(record.Length, r[7] + e.Data.Length - 2));
        }

        // The id 0 stands for the first record, which may have been read by its own id as well.
        return records.Values.Where(r => r.Length >= HeaderLength && r.Length >= HeaderLength + r.Bytes[4]).Select(r => r.Bytes[..(HeaderLength + r.Bytes[4])])
            .DistinctBy(r => BinaryPrimitives.ReadUInt16LittleEndian(r));
    }

    private static IEnumerable<SensorDescription> Sensors(CommandLog log, byte[] record)
    {
        bool full = record[3] == (byte)SensorRecordKind.Full;
        int nameAt = full ? FullName : CompactName;
        if ((!full && record[3] != (byte)SensorRecordKind.Compact) || record.Length <= nameAt || record[5] != Own || (record[6] & 0xF0) != 0)
        {
            yield break;
        }

        SensorFactors? factors = full ? Factors(record) : null;
        if (record[13] == 1 && factors is null)
        {
            yield break;
        }

        int count = full ? 1 : Math.Max(record[23] & 0x0F, 1);
        for (int i = 0; i < count; i++)
        {
            if (Sensor(log, record, nameAt, factors, (byte)(record[7] + i)) is { } sensor)
            {
                yield return sensor;
            }
        }
    }

    private static SensorFactors? Factors(byte[] r)
    {
        int m = Signed10(r[24], r[25]);
        return (r[20] >> 6) == 3 || m == 0 || (r[23] & 0x7F) > 11
            ? null
            : new SensorFactors(m, Signed10(r[26], r[27]), Signed4(r[29]), Signed4((byte)(r[29] >> 4)), (byte)(r[23] & 0x7F), (byte)(r[20] >> 6), r[25] & 0x3F, 0, 0);
    }

    // Null when it was never read: nobody would see that it changed.
    private static SensorDescription? Sensor(CommandLog log, byte[] r, int nameAt, SensorFactors? factors, byte number)
    {
        byte lun = (byte)(r[6] & 3);
        if (Answer(log, lun, SensorCommands.ReadingCode, number) is not { } reading || (reading.Status == 0 && reading.Data.Length < 2))
        {
            return null;
        }

        bool present = reading.Status != NotPresent;
        byte flags = reading.Data.Length >= 2 ? reading.Data[1] : (byte)0x40;
        ushort status = (ushort)((reading.Data.Length > 2 ? reading.Data[2] : 0) | (reading.Data.Length > 3 ? (reading.Data[3] & 0x7F) << 8 : 0));
        bool threshold = r[13] == 1;
        int nameLength = Math.Min(r[nameAt] & 0x1F, r.Length - nameAt - 1);
        return new SensorDescription
        {
            Name = TypeLengthField.Decode(r[nameAt], r.AsSpan(nameAt + 1, nameLength)).Trim(' ', '\0') is { Length: > 0 } name ? name : $"#{number}",
            NameField = r[nameAt..],
            Number = number,
            Lun = lun,
            Standby = true,
            Record = (SensorRecordKind)r[3],
            Entity = new EntityReference(r[8], r[9]),
            Type = r[12],
            ReadingType = r[13],
            Unit = (r[20], r[21], r[22]),
            Factors = factors,
            Thresholds = threshold ? Thresholds(log, r, lun, number) : new byte?[6],
            Hysteresis = threshold ? (r[42], r[43]) : default,
            Value = present && factors is not null ? factors.ToValue(factors.FromByte(reading.Data.Length > 0 ? reading.Data[0] : (byte)0)) : 0,
            States = threshold ? (ushort)0 : status,
            SupportedStates = threshold ? (ushort)0 : (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(r.AsSpan(18)) & 0x7FFF),
            EventsEnabled = (flags & 0x80) != 0,
            Scanning = (flags & 0x40) != 0,
            Available = (flags & 0x20) == 0,
            Present = present,
        };
    }

    // What the controller tells (§35.9), else what its record says: UNR, UC, UNC, LNR, LC, LNC, in the order of §43.1.
    private static byte?[] Thresholds(CommandLog log, byte[] r, byte lun, byte number)
    {
        (byte mask, byte[] values) = Answer(log, lun, GetSensorThresholds, number) is { Rank: 2, Data: { Length: >= 7 } told }
            ? (told[0], told[1..7])
            : (r[18], [r[41], r[40], r[39], r[38], r[37], r[36]]);
        return [.. values.Select((v, i) => (mask & (1 << i)) != 0 ? v : (byte?)null)];
    }

    private static Exchange? Answer(CommandLog log, byte lun, byte command, byte number) =>
        log.Exchanges.GetValueOrDefault(Exchange.KeyOf([SensorCommands.NetFn, lun, command, number], [])) is { Fault: null } known ? known : null;

    private static int Signed10(byte low, byte high) => ((low | ((high & 0xC0) << 2)) ^ 0x200) - 0x200;

    private static int Signed4(byte bits) => ((bits & 0x0F) ^ 8) - 8;
}
