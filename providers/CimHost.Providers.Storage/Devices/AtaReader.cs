using System.Composition;
using System.Globalization;
using CimHost.Providers.Storage.Wire.Ata;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Reads ATA disks.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class AtaReader(InstalledDriveDatabase database) : IDiskReader
{
    private const byte ErrorLogAddress = 0x03;
    private const byte StatisticsAddress = 0x04;
    private const byte SelfTestAddress = 0x07;
    private const byte SctStatusAddress = 0xE0;
    private const ushort MostLogPages = 32;
    private const ulong PassedSignature = 0xC24F00;
    private const ulong ExceededSignature = 0x2CF400;

    /// <inheritdoc/>
    public async ValueTask<DiskSample> SampleAsync(DiskCommands commands, DiskIdentity identity, bool wake, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var access = (AtaAccess)identity.Access!;
        string power = await PowerModeAsync(commands, access, cancellationToken);
        if (power == "Standby" && !wake)
        {
            return new DiskSample { Time = time, State = ReadingState.Asleep, Reason = "The disk sleeps and was not woken.", HasValues = false, PowerMode = power };
        }

        if (!access.Identify.SmartSupported)
        {
            return new DiskSample { Time = time, PowerMode = power, HealthReasons = ["The disk has no SMART."] };
        }

        if (!access.Identify.SmartEnabled)
        {
            return new DiskSample { Time = time, PowerMode = power, HealthReasons = ["SMART is switched off on the disk."] };
        }

        var reads = new PageReads();
        var content = new AtaContent
        {
            Passed = await PassedAsync(commands, access, reads, cancellationToken),
            Smart = await reads.TryAsync<SmartData>(commands.ReadAsync(AtaCommand.SmartReadData, access.Twelve, cancellationToken), SmartData.TryRead),
            Thresholds = await reads.TryAsync<SmartThresholds>(commands.ReadAsync(AtaCommand.SmartReadThresholds, access.Twelve, cancellationToken), SmartThresholds.TryRead),
        };
        await ReadLogsAsync(commands, access, reads, content, cancellationToken);
        return new AtaInterpretation(identity, content, new AttributeNames(database.Database, identity)).ToSample(time, power, reads.Problems);
    }

    /// <inheritdoc/>
    public async ValueTask StartSelfTestAsync(DiskCommands commands, DiskIdentity identity, SelfTestKind kind, CancellationToken cancellationToken) =>
        await commands.RegistersAsync(AtaCommand.SmartExecute((byte)kind), ((AtaAccess)identity.Access!).Twelve, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AbortSelfTestAsync(DiskCommands commands, DiskIdentity identity, CancellationToken cancellationToken) =>
        await commands.RegistersAsync(AtaCommand.SmartExecute(0x7F), ((AtaAccess)identity.Access!).Twelve, cancellationToken);

    // ACS-4 table 55: 00h standby, 01h standby_y, 80h to 83h idle, FFh active or idle. A translation that hides the count tells nothing.
    private static async ValueTask<string> PowerModeAsync(DiskCommands commands, AtaAccess access, CancellationToken cancellationToken)
    {
        try
        {
            AtaStatusReturn? registers = await commands.RegistersAsync(AtaCommand.CheckPowerMode, access.Twelve, cancellationToken);
            return registers is not { } r ? string.Empty : (byte)r.Count switch
            {
                0x00 or 0x01 => "Standby",
                0x80 or 0x81 or 0x82 or 0x83 => "Idle",
                0xFF or 0x40 or 0x41 => "Active",
                _ => string.Empty,
            };
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unsupported)
        {
            return string.Empty;
        }
    }

    private static async ValueTask<bool?> PassedAsync(DiskCommands commands, AtaAccess access, PageReads reads, CancellationToken cancellationToken)
    {
        try
        {
            AtaStatusReturn? registers = await commands.RegistersAsync(AtaCommand.SmartReturnStatus, access.Twelve, cancellationToken);
            ulong? signature = registers?.Lba & 0xFFFF00;
            if (signature is not (null or PassedSignature or ExceededSignature))
            {
                reads.Add(string.Create(CultureInfo.InvariantCulture, $"SMART RETURN STATUS gave {signature:X6}h, which is neither good nor bad"));
            }

            return signature switch { PassedSignature => true, ExceededSignature => false, _ => null };
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unsupported)
        {
            return null;
        }
    }

    private static async ValueTask ReadLogsAsync(DiskCommands commands, AtaAccess access, PageReads reads, AtaContent content, CancellationToken cancellationToken)
    {
        LogDirectory? extended = access.Identify.GeneralPurposeLogging && !access.Twelve
            ? await reads.TryAsync<LogDirectory>(commands.ReadAsync(AtaCommand.ReadLogExt(0, 0, 1), twelve: false, cancellationToken), LogDirectory.TryRead)
            : null;
        content.Errors = extended?[ErrorLogAddress] is > 0 and { } errorPages
            ? await reads.TryAsync<AtaErrorLog>(ReadLog(ErrorLogAddress, errorPages), AtaErrorLog.TryReadExtended)
            : null;
        content.Errors ??= access.Identify.SmartErrorLogging
            ? await reads.TryAsync<AtaErrorLog>(commands.ReadAsync(AtaCommand.SmartReadLog(0x01, 1), access.Twelve, cancellationToken), AtaErrorLog.TryReadSummary)
            : null;
        content.SelfTests = extended?[SelfTestAddress] is > 0 and { } testPages
            ? await reads.TryAsync<AtaSelfTestLog>(ReadLog(SelfTestAddress, testPages), AtaSelfTestLog.TryReadExtended)
            : null;
        content.SelfTests ??= content.HasSelfTests(access.Identify)
            ? await reads.TryAsync<AtaSelfTestLog>(commands.ReadAsync(AtaCommand.SmartReadLog(0x06, 1), access.Twelve, cancellationToken), AtaSelfTestLog.TryRead)
            : null;
        content.Sct = access.Identify.SctSupported
            ? await reads.TryAsync<SctStatus>(commands.ReadAsync(AtaCommand.SmartReadLog(SctStatusAddress, 1), access.Twelve, cancellationToken), SctStatus.TryRead)
            : null;
        if (extended?[StatisticsAddress] is > 0 and { } pages)
        {
            content.Statistics = await StatisticsAsync(commands, reads, pages, cancellationToken);
        }

        ValueTask<ReadOnlyMemory<byte>> ReadLog(byte log, int pageCount) =>
            commands.ReadAsync(AtaCommand.ReadLogExt(log, 0, (ushort)Math.Min(pageCount, MostLogPages)), twelve: false, cancellationToken);
    }

    private static async ValueTask<IReadOnlyList<DeviceStatistic>> StatisticsAsync(DiskCommands commands, PageReads reads, int pages, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte>? numbers = await reads.TryAsync<IReadOnlyList<byte>>(
            commands.ReadAsync(AtaCommand.ReadLogExt(StatisticsAddress, 0, 1), twelve: false, cancellationToken), DeviceStatistics.TryReadPages);
        var statistics = new List<DeviceStatistic>();
        foreach (byte page in (numbers ?? []).Where(n => n < pages))
        {
            statistics.AddRange(await reads.TryAsync<IReadOnlyList<DeviceStatistic>>(
                commands.ReadAsync(AtaCommand.ReadLogExt(StatisticsAddress, page, 1), twelve: false, cancellationToken),
                (ReadOnlySpan<byte> data, out IReadOnlyList<DeviceStatistic>? value, out string? reason) => DeviceStatistics.TryRead(data, page, out value, out reason)) ?? []);
        }

        return statistics;
    }
}
