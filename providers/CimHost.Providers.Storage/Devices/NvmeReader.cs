using CimHost.Providers.Storage.Wire.Nvme;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Reads NVMe controllers.</summary>
internal sealed class NvmeReader : IDiskReader
{
    private const byte ErrorLog = 0x01;
    private const byte HealthLog = 0x02;
    private const byte FirmwareLog = 0x03;
    private const byte SelfTestLog = 0x06;
    private const byte EnduranceLog = 0x09;
    private const int MostErrors = 64;
    private const int MostGroups = 16;

    /// <inheritdoc/>
    public async ValueTask<DiskSample> SampleAsync(DiskCommands commands, DiskIdentity identity, bool wake, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var controller = (NvmeIdentifyController)identity.Access!;
        var reads = new PageReads();
        NvmeHealthLog? health = await reads.TryAsync<NvmeHealthLog>(commands.ReadAsync(NvmeCommand.GetLogPage(HealthLog, NvmeHealthLog.Length), cancellationToken), NvmeHealthLog.TryRead);
        int errors = Math.Min(controller.ErrorLogEntries, MostErrors);
        IReadOnlyList<NvmeErrorEntry>? log = await reads.TryAsync<IReadOnlyList<NvmeErrorEntry>>(
            commands.ReadAsync(NvmeCommand.GetLogPage(ErrorLog, errors * NvmeErrorLog.EntryLength), cancellationToken),
            (ReadOnlySpan<byte> data, out IReadOnlyList<NvmeErrorEntry>? value, out string? reason) =>
            {
                (value, reason) = (NvmeErrorLog.Read(data), null);
                return true;
            });
        NvmeFirmwareSlots? slots = await reads.TryAsync<NvmeFirmwareSlots>(
            commands.ReadAsync(NvmeCommand.GetLogPage(FirmwareLog, NvmeFirmwareSlots.Length), cancellationToken), NvmeFirmwareSlots.TryRead);
        NvmeSelfTestLog? tests = controller.SupportsSelfTest
            ? await reads.TryAsync<NvmeSelfTestLog>(commands.ReadAsync(NvmeCommand.GetLogPage(SelfTestLog, NvmeSelfTestLog.Length), cancellationToken), NvmeSelfTestLog.TryRead)
            : null;
        var groups = new List<(int Id, NvmeEnduranceGroup Group)>();
        for (ushort id = 1; id <= Math.Min((int)controller.EnduranceGroups, MostGroups); id++)
        {
            if (await reads.TryAsync<NvmeEnduranceGroup>(
                commands.ReadAsync(NvmeCommand.GetLogPage(EnduranceLog, NvmeEnduranceGroup.Length, id), cancellationToken), NvmeEnduranceGroup.TryRead) is { } group)
            {
                groups.Add((id, group));
            }
        }

        return new NvmeInterpretation(identity, controller, health, log ?? [], slots, tests, groups).ToSample(time, reads.Problems);
    }

    /// <inheritdoc/>
    public async ValueTask StartSelfTestAsync(DiskCommands commands, DiskIdentity identity, SelfTestKind kind, CancellationToken cancellationToken) =>
        await commands.ReadAsync(NvmeCommand.SelfTest((byte)kind), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AbortSelfTestAsync(DiskCommands commands, DiskIdentity identity, CancellationToken cancellationToken) =>
        await commands.ReadAsync(NvmeCommand.SelfTest(0x0F), cancellationToken);
}
