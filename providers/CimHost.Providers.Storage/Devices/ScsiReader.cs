using CimHost.Providers.Storage.Wire.Scsi;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Reads SCSI and SAS disks.</summary>
internal sealed class ScsiReader : IDiskReader
{
    // Those that are read where the device lists them: write, read and verify errors, non-medium errors, temperature, start-stop cycles,
    // self-tests, solid state media, background scan, protocol specific port, informational exceptions.
    private static readonly byte[] s_pages = [0x02, 0x03, 0x05, 0x06, 0x0D, 0x0E, 0x10, 0x11, 0x15, 0x18, 0x2F];

    /// <inheritdoc/>
    public async ValueTask<DiskSample> SampleAsync(DiskCommands commands, DiskIdentity identity, bool wake, DateTimeOffset time, CancellationToken cancellationToken)
    {
        ScsiSenseData sense = await SenseAsync(commands, cancellationToken);
        if (sense.IsAsleep && !wake)
        {
            return new DiskSample { Time = time, State = ReadingState.Asleep, Reason = "The disk sleeps and was not woken.", HasValues = false, PowerMode = "Standby" };
        }

        var reads = new PageReads();
        IReadOnlyList<byte> supported = await reads.TryAsync<IReadOnlyList<byte>>(
            commands.ReadAsync(ScsiCdb.LogSense(0x00), cancellationToken),
            (ReadOnlySpan<byte> data, out IReadOnlyList<byte>? value, out string? reason) =>
            {
                value = LogPage.Supported(data);
                reason = value.Count == 0 ? "the list of log pages is empty or breaks its format" : null;
                return reason is null;
            }) ?? [];
        var pages = new Dictionary<byte, LogPage>();
        foreach (byte code in s_pages.Where(supported.Contains))
        {
            LogPage? page = await reads.TryAsync<LogPage>(
                commands.ReadAsync(ScsiCdb.LogSense(code), cancellationToken),
                (ReadOnlySpan<byte> data, out LogPage? value, out string? reason) => LogPage.TryRead(data, code, out value, out reason));
            if (page is not null)
            {
                pages[code] = page;
            }
        }

        uint? grown = await GrownDefectsAsync(commands, identity, cancellationToken);
        return new ScsiInterpretation(identity, pages, grown, sense).ToSample(time, reads.Problems);
    }

    /// <inheritdoc/>
    public async ValueTask StartSelfTestAsync(DiskCommands commands, DiskIdentity identity, SelfTestKind kind, CancellationToken cancellationToken) =>
        await commands.ReadAsync(ScsiCdb.SendDiagnostic((byte)kind), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AbortSelfTestAsync(DiskCommands commands, DiskIdentity identity, CancellationToken cancellationToken) =>
        await commands.ReadAsync(ScsiCdb.SendDiagnostic(4), cancellationToken);

    // REQUEST SENSE does not wake a device: it tells the power condition and a self-test that runs. A stopped one refuses TEST UNIT READY.
    private static async ValueTask<ScsiSenseData> SenseAsync(DiskCommands commands, CancellationToken cancellationToken)
    {
        ScsiResponse response = await commands.SendAsync(ScsiCdb.RequestSense, cancellationToken);
        if (response.IsGood && ScsiSenseData.TryRead(response.Data.Span, out ScsiSenseData sense) && (sense.IsAsleep || sense.IsSelfTest))
        {
            return sense;
        }

        ScsiResponse ready = await commands.SendAsync(ScsiCdb.TestUnitReady, cancellationToken);
        return !ready.IsGood && ScsiSenseData.TryRead(ready.Sense.Span, out ScsiSenseData stopped) ? stopped : default;
    }

    // Solid state devices have no defect lists.
    private static async ValueTask<uint?> GrownDefectsAsync(DiskCommands commands, DiskIdentity identity, CancellationToken cancellationToken)
    {
        if (identity.IsSolidState == true)
        {
            return null;
        }

        foreach (bool twelve in (bool[])[true, false])
        {
            try
            {
                return DefectData.GrownCount((await commands.ReadAsync(ScsiCdb.GrownDefects(twelve), cancellationToken)).Span, twelve);
            }
            catch (HardwareException e) when (e.Fault == HardwareFault.Unsupported)
            {
                continue;
            }
        }

        return null;
    }
}
