using CimHost.Providers.Ipmi.Wire;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// Reads the system event log of a controller (IPMI 2.0 §31). It is read whole once; after that Get SEL Info says whether something
/// changed, and only the records behind the last known one are read. A log that was erased, or whose last known record is gone or another
/// one, is read whole again. Nothing here erases a log unless <see cref="ClearAsync"/> is called.
/// </summary>
internal sealed class EventLog(IpmiClient client, IProviderHost host, int warningPercent)
{
    // More than any known controller keeps; ids are 16 bits wide.
    private const int MaxRecords = 16_384;
    private const int MaxAttempts = 3;
    private const int MaxEraseChecks = 50;
    private static readonly TimeSpan s_readLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_eraseCheck = TimeSpan.FromMilliseconds(200);

    private readonly SingleFlight<EventLogState?> _run = new();
    private byte _count = GetSelEntry.WholeRecord;
    private EventLogState? _state;
    private bool _warned;

    private string Name => client.Port.Name;

    /// <summary>The log now; null when the controller has none.</summary>
    /// <exception cref="HardwareException">The controller does not answer, or answers nonsense.</exception>
    public Task<EventLogState?> ReadAsync(CancellationToken cancellationToken) => _run.RunAsync(RefreshAsync, cancellationToken);

    /// <summary>Erases the log and waits until the controller says that it is done.</summary>
    /// <exception cref="HardwareException">The controller refuses, does not answer, or does not end within 10 seconds.</exception>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        ushort reservation = await ReserveAsync(cancellationToken);
        bool complete = await EraseAsync(ClearSel.Start(reservation), cancellationToken);
        for (int check = 0; !complete; check++)
        {
            if (check == MaxEraseChecks)
            {
                throw new HardwareException(HardwareFault.TimedOut, $"{Name} has not erased its event log within {(MaxEraseChecks * s_eraseCheck).TotalSeconds} s.");
            }

            await Task.Delay(s_eraseCheck, host.Time, cancellationToken);
            complete = await EraseAsync(ClearSel.Status(reservation), cancellationToken);
        }

        host.Log.Information($"{Name}: the event log was erased on request.");
    }

    private async Task<ushort> ReserveAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = await client.ReadAsync(ReserveSel.Request, "Reserve SEL", cancellationToken);
        return ReserveSel.TryRead(data.Span, out ushort reservation) ? reservation : throw client.Malformed("Reserve SEL", data.Length);
    }

    private async Task<bool> EraseAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = await client.ReadAsync(request, "Clear SEL", cancellationToken);
        return ClearSel.TryRead(data.Span, out bool complete) ? complete : throw client.Malformed("Clear SEL", data.Length);
    }

    private async Task<EventLogState?> RefreshAsync()
    {
        using var limit = new CancellationTokenSource(s_readLimit, host.Time);
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                if (await InfoAsync(limit.Token) is not { } info)
                {
                    return _state = null;
                }

                if (await UpdateAsync(info, limit.Token) is { } state)
                {
                    Warn(info);
                    return _state = state;
                }
            }
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{Name}: the event log could not be read within {s_readLimit.TotalMinutes} minutes.", e);
        }

        throw new HardwareException(HardwareFault.Unavailable, $"{Name}: the event log changed {MaxAttempts} times while it was read.");
    }

    private async Task<GetSelInfo?> InfoAsync(CancellationToken cancellationToken)
    {
        IpmiResponse response = await client.SendAsync(GetSelInfo.Request, cancellationToken);
        if (CompletionCode.IsUnknownCommand(response.CompletionCode))
        {
            return null;
        }

        return !response.IsSuccess ? throw client.Refused("Get SEL Info", response.CompletionCode)
            : GetSelInfo.TryRead(response.Data.Span, out GetSelInfo? info) ? info
            : throw client.Malformed("Get SEL Info", response.Data.Length);
    }

    // Null: the log changed under the reading hand.
    private async Task<EventLogState?> UpdateAsync(GetSelInfo info, CancellationToken cancellationToken)
    {
        if (_state is { } known && known.Info.LastErase == info.LastErase)
        {
            // A full log can lose its oldest record for a new one within the same second; only a look at its end tells.
            bool mayWrap = known.HasWrapped || info.FreeEntries is < 1;
            if (!mayWrap && known.Info with { Support = info.Support } == info)
            {
                return known with { Info = info };
            }

            if (known.Records.Count > 0 && await ContinueAsync(known, info, cancellationToken) is { } more)
            {
                return more;
            }
        }

        if (_state is not null)
        {
            host.Log.Information($"{Name}: the event log was erased or rewritten; it is read again.");
        }

        return info.Entries == 0 ? new EventLogState(info, [], false)
            : await WalkAsync(GetSelEntry.First, cancellationToken) is { } records ? new EventLogState(info, records, false)
            : null;
    }

    // The known records and those behind them; null when they do not fit together.
    private async Task<EventLogState?> ContinueAsync(EventLogState known, GetSelInfo info, CancellationToken cancellationToken)
    {
        SelRecord last = known.Records[^1];
        if (await WalkAsync(last.Id, cancellationToken) is not { Count: > 0 } tail || !tail[0].Equals(last))
        {
            return null;
        }

        SelRecord[] all = [.. known.Records, .. tail.Skip(1)];
        int surplus = all.Length - info.Entries;
        if (surplus <= 0)
        {
            return surplus == 0 ? new EventLogState(info, all, known.HasWrapped) : null;
        }

        // More than the controller counted: the oldest made room for new ones, as many as are too many. Anything else is read again.
        if (await EntryAsync(GetSelEntry.First, cancellationToken) is not ({ } oldest, _) || Array.FindIndex(all, r => r.Equals(oldest)) != surplus)
        {
            return null;
        }

        if (!known.HasWrapped)
        {
            host.Log.Information($"{Name}: the event log is full; new records take the place of the oldest.");
        }

        return new EventLogState(info, all[surplus..], HasWrapped: true);
    }

    // The records from one on; null when one of them went away meanwhile.
    private async Task<List<SelRecord>?> WalkAsync(ushort from, CancellationToken cancellationToken)
    {
        var records = new List<SelRecord>();
        var seen = new HashSet<ushort>();
        for (ushort id = from; id != GetSelEntry.End;)
        {
            if (await EntryAsync(id, cancellationToken) is not { } entry)
            {
                return null;
            }

            // A controller that leads in a circle or back to its first record has told all that it has.
            if (!seen.Add(entry.Record.Id) || records.Count == MaxRecords)
            {
                break;
            }

            records.Add(entry.Record);
            id = entry.Next == GetSelEntry.First ? GetSelEntry.End : entry.Next;
        }

        return records;
    }

    // Null: there is no such record (any more).
    private async Task<(SelRecord Record, ushort Next)?> EntryAsync(ushort id, CancellationToken cancellationToken)
    {
        IpmiResponse response = await client.SendAsync(GetSelEntry.Request(id, _count), cancellationToken);
        if (_count == GetSelEntry.WholeRecord && CompletionCode.IsTooManyBytes(response.CompletionCode))
        {
            // Some controllers want the length told.
            IpmiResponse exact = await client.SendAsync(GetSelEntry.Request(id, SelRecord.Length), cancellationToken);
            (_count, response) = exact.IsSuccess ? ((byte)SelRecord.Length, exact) : (_count, response);
        }

        if (response.CompletionCode is CompletionCode.NotPresent or CompletionCode.ReservationCancelled or CompletionCode.InvalidDataField or CompletionCode.ParameterOutOfRange)
        {
            return null;
        }

        if (!response.IsSuccess)
        {
            throw client.Refused("Get SEL Entry", response.CompletionCode);
        }

        return GetSelEntry.TryRead(response.Data.Span, out ushort next, out SelRecord? record) ? (record!, next) : throw client.Malformed("Get SEL Entry", response.Data.Length);
    }

    private void Warn(GetSelInfo info)
    {
        bool full = info.PercentUsed >= warningPercent;
        if (full && !_warned)
        {
            host.Log.Warning($"{Name}: the event log is {info.PercentUsed} % full ({info.Entries} records); a controller whose log is full loses events. Clear it when its records are kept elsewhere.");
        }

        _warned = full;
    }
}
