using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Wire;

public class SdrTests
{
    private static T Read<T>(byte[] data)
        where T : SdrRecord
    {
        Assert.True(SdrRecord.TryRead(data, out SdrRecord? record, out string? problem), problem);
        return Assert.IsType<T>(record);
    }

    [Fact]
    public void A_full_record_tells_all_of_the_sensor()
    {
        FullSensorRecord record = Read<FullSensorRecord>(SdrBytes.Full(
            0x31, "12V", sensorType: 2, units1: 0x80, baseUnit: 4, m: -500, b: 300, k1: -2, k2: -3, tolerance: 5, accuracy: 333, accuracyExponent: 1, entity: 10, instance: 0x82, ownerLun: 0x12));
        Assert.Equal((0x20, 1, 2, 0x31), (record.OwnerId, record.Channel, record.Lun, record.Number));
        Assert.Equal((10, 2, true), (record.EntityId, record.EntityInstance, record.IsLogicalEntity));
        Assert.Equal(new SensorFactors(-500, 300, -2, -3, 5, 33.3), record.Factors);
        Assert.Equal(AnalogFormat.TwosComplement, record.Units.Format);
        Assert.Equal(((byte?)25, (byte?)60, (byte?)12), (record.NominalReading, record.NormalMaximum, record.NormalMinimum));
        Assert.Equal([10, 5, 0, 70, 80, 90], record.Thresholds);
        Assert.Equal((2, 2), (record.Capabilities.ThresholdAccess, record.Capabilities.HysteresisAccess));
        Assert.Equal((0x3F, 0x3F, 0x3F), (record.Masks.ReadableThresholds, record.Masks.SettableThresholds, record.Masks.EventThresholds));
        Assert.Equal("12V", record.IdString);
    }

    [Fact]
    public void Compact_event_only_locator_and_association_records_decode()
    {
        CompactSensorRecord compact = Read<CompactSensorRecord>(SdrBytes.Compact(0x40, "Status", 0x08, entity: 10, share: 0x12, shareFlags: 0x81));
        Assert.Equal((2, true, true, 1), (compact.Sharing.Count, compact.Sharing.AlphaModifier, compact.Sharing.EntityIncrements, compact.Sharing.ModifierOffset));
        Assert.Equal(["B", "C"], Enumerable.Range(0, 2).Select(compact.Sharing.Suffix));

        Assert.Equal((byte)0x23, Read<EventOnlyRecord>(SdrBytes.EventOnly(0x50, "Watchdog", 0x23)).SensorType);

        FruLocatorRecord fru = Read<FruLocatorRecord>(SdrBytes.FruLocator(3, "PSU 1", 10, 1));
        Assert.Equal((0x20, 3, true, new Entity(10, 1), "PSU 1"), (fru.AccessAddress, fru.DeviceId, fru.IsLogical, fru.Entity, fru.IdString));

        Assert.Equal("BMC", Read<McLocatorRecord>(SdrBytes.McLocator("BMC")).IdString);
        Assert.Equal((byte)0xC0, Read<OtherRecord>(SdrBytes.Record(0xC0, [1, 2, 3])).Header.RecordType);
    }

    [Fact]
    public void An_entity_association_holds_a_list_or_ranges()
    {
        EntityAssociationRecord list = Read<EntityAssociationRecord>(SdrBytes.EntityAssociation(23, 1, false, 10, 1, 10, 3));
        Assert.True(list.Contains(new Entity(10, 3)));
        Assert.False(list.Contains(new Entity(10, 2)));

        EntityAssociationRecord range = Read<EntityAssociationRecord>(SdrBytes.EntityAssociation(23, 1, true, 10, 1, 10, 3));
        Assert.True(range.Contains(new Entity(10, 2)));
        Assert.False(range.Contains(new Entity(10, 4)));
    }

    [Fact]
    public void A_record_cut_at_any_length_is_refused_with_a_reason()
    {
        byte[][] records =
        [
            SdrBytes.Full(1, "Temp"), SdrBytes.Compact(2, "Status", 8), SdrBytes.EventOnly(3, "Event", 0x23), SdrBytes.FruLocator(1, "FRU", 10, 1),
            SdrBytes.McLocator("BMC"), SdrBytes.EntityAssociation(23, 1, false, 10, 1),
        ];
        foreach (byte[] record in records)
        {
            for (int length = 0; length < record.Length; length++)
            {
                Assert.False(SdrRecord.TryRead(record.AsSpan(0, length), out SdrRecord? none, out string? problem), $"type {record[3]} decodes {length} of {record.Length} bytes");
                Assert.Null(none);
                Assert.False(string.IsNullOrEmpty(problem));
            }
        }
    }

    [Theory]
    [InlineData(0x01, 42)]
    [InlineData(0x02, 26)]
    [InlineData(0x03, 11)]
    [InlineData(0x08, 10)]
    [InlineData(0x09, 20)]
    [InlineData(0x11, 10)]
    [InlineData(0x12, 10)]
    public void A_record_that_is_too_short_for_its_type_is_refused(byte type, int longest)
    {
        for (int length = 0; length <= longest; length++)
        {
            Assert.False(SdrRecord.TryRead(SdrBytes.Record(type, new byte[length]), out _, out string? problem));
            Assert.Contains($"{length} bytes", problem);
        }

        Assert.True(SdrRecord.TryRead(SdrBytes.Record(type, new byte[longest + 1]), out _, out _));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x41, 0x42, 0x43 }, "ABC")]
    [InlineData(new byte[] { 0xC5, 0x41, 0x42 }, "AB")]
    [InlineData(new byte[] { 0xC4, 0x41, 0x42, 0x00, 0x43 }, "AB")]
    [InlineData(new byte[] { 0xC3, 0x41, 0x07, 0x42 }, "A?B")]
    [InlineData(new byte[] { 0x04, 0x41, 0x00, 0x3A, 0x04 }, "Aк")]
    [InlineData(new byte[] { 0x42, 0x12, 0xCD }, "12.:")]
    [InlineData(new byte[] { 0x83, 0x29, 0xDC, 0xA6 }, "IPMI")]
    [InlineData(new byte[] { 0x82, 0x29, 0xDC }, "IP")]
    [InlineData(new byte[] { }, "")]
    public void Id_strings_decode_in_every_encoding(byte[] data, string text) => Assert.Equal(text, IdString.Read(data));
}
