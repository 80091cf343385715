using CimHost.Providers.Ipmi.Wire;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// Walks an SDR repository, or the device SDRs of a controller without one (IPMI 2.0 §33, §35). Reads whole records as long as the
/// controller can return them, else in parts, and starts a record again when its reservation was lost.
/// </summary>
internal sealed class SdrReader(IpmiClient client, bool device)
{
    private const int MaxRecords = 4096;
    private const int MaxReservations = 8;
    private const byte FirstPart = 32;
    private const byte SmallestPart = 8;

    private readonly List<SdrRecord> _records = [];
    private readonly List<string> _problems = [];
    private byte _part = GetSdr.WholeRecord;
    private ushort _reservation;
    private bool _isEmpty;

    private string CommandName => device ? "Get Device SDR" : "Get SDR";

    /// <summary>Reads every record. A record that is damaged is told among the problems and passed over.</summary>
    /// <exception cref="HardwareException">The controller stopped answering, or refuses the command.</exception>
    public async Task<(IReadOnlyList<SdrRecord> Records, IReadOnlyList<string> Problems)> ReadAsync(CancellationToken cancellationToken)
    {
        await ReserveAsync(cancellationToken);
        var seen = new HashSet<ushort>();
        ushort id = GetSdr.FirstRecord;
        while (id != GetSdr.LastRecord)
        {
            if (!seen.Add(id) || seen.Count > MaxRecords)
            {
                _problems.Add(seen.Count > MaxRecords ? $"only the first {MaxRecords} records were read" : $"record {id:X4}h comes twice; the walk ends there");
                break;
            }

            if (await ReadRecordAsync(id, cancellationToken) is not { } record)
            {
                break;
            }

            if (SdrRecord.TryRead(record.Data.Span, out SdrRecord? read, out string? problem))
            {
                _records.Add(read!);
            }
            else
            {
                _problems.Add(problem!);
            }

            id = record.Next;
        }

        return (_records, _problems);
    }

    private async ValueTask ReserveAsync(CancellationToken cancellationToken)
    {
        IpmiResponse response = await client.SendAsync(device ? ReserveSdr.Device : ReserveSdr.Repository, cancellationToken);

        // A controller without reservations wants 0000h.
        _reservation = response.IsSuccess && ReserveSdr.TryRead(response.Data.Span, out ushort reservation) ? reservation : (ushort)0;
    }

    // Null: there is not even a first record.
    private async ValueTask<(ReadOnlyMemory<byte> Data, ushort Next)?> ReadRecordAsync(ushort id, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxReservations; attempt++)
        {
            (ReadOnlyMemory<byte> Data, ushort Next)? read = _part == GetSdr.WholeRecord
                ? await ReadWholeAsync(id, cancellationToken)
                : await ReadInPartsAsync(id, cancellationToken);
            if (_isEmpty || read is not null)
            {
                return read;
            }
        }

        throw new HardwareException(HardwareFault.Unavailable, $"{client.Port.Name}: the reservation for SDR record {id:X4}h was lost {MaxReservations} times; something else changes or reads the repository all the time.");
    }

    // Null: try again, with a new reservation or with parts.
    private async ValueTask<(ReadOnlyMemory<byte>, ushort)?> ReadWholeAsync(ushort id, CancellationToken cancellationToken)
    {
        IpmiResponse response = await client.SendAsync(GetSdr.Request(device, _reservation, id, 0, GetSdr.WholeRecord), cancellationToken);
        if (response.CompletionCode == CompletionCode.ReservationCancelled)
        {
            await ReserveAsync(cancellationToken);
            return null;
        }

        if (CompletionCode.IsTooManyBytes(response.CompletionCode))
        {
            _part = FirstPart;
            return null;
        }

        // The first record is there unless none is (§33.12).
        if (id == GetSdr.FirstRecord && response.CompletionCode == CompletionCode.NotPresent)
        {
            _isEmpty = true;
            return null;
        }

        (ReadOnlyMemory<byte> data, ushort next) = Part(response);

        // A record cut short may be all that fits into one answer of this controller.
        if (!SdrHeader.TryRead(data.Span, out SdrHeader header) || data.Length < SdrHeader.Length + header.BodyLength)
        {
            _part = FirstPart;
            return null;
        }

        return (data[..(SdrHeader.Length + header.BodyLength)], next);
    }

    private async ValueTask<(ReadOnlyMemory<byte>, ushort)?> ReadInPartsAsync(ushort id, CancellationToken cancellationToken)
    {
        byte[] record = new byte[SdrHeader.Length + byte.MaxValue];
        int have = 0, length = SdrHeader.Length;
        ushort next = GetSdr.LastRecord;
        while (have < length)
        {
            byte count = (byte)Math.Min(length - have, _part);
            IpmiResponse response = await client.SendAsync(GetSdr.Request(device, _reservation, id, (byte)have, count), cancellationToken);
            if (response.CompletionCode == CompletionCode.ReservationCancelled)
            {
                await ReserveAsync(cancellationToken);
                return null;
            }

            if (CompletionCode.IsTooManyBytes(response.CompletionCode) && _part > SmallestPart && count > SmallestPart)
            {
                _part = (byte)Math.Max(SmallestPart, count / 2);
                continue;
            }

            // The header tells of more bytes than there are: the record is judged by those that came, and the others are read all the same.
            if (CompletionCode.IsTooManyBytes(response.CompletionCode) && have >= SdrHeader.Length)
            {
                break;
            }

            (ReadOnlyMemory<byte> part, next) = Part(response);
            if (part.IsEmpty)
            {
                break;
            }

            part = part[..Math.Min(part.Length, count)];
            part.CopyTo(record.AsMemory(have));
            have += part.Length;
            if (length == SdrHeader.Length && SdrHeader.TryRead(record.AsSpan(0, have), out SdrHeader header))
            {
                length += header.BodyLength;

                // Offsets are one byte wide; what lies beyond cannot be asked for.
                length = Math.Min(length, byte.MaxValue);
            }
        }

        return (record.AsMemory(0, have), next);
    }

    private (ReadOnlyMemory<byte> Data, ushort Next) Part(IpmiResponse response)
    {
        if (!response.IsSuccess)
        {
            throw client.Refused(CommandName, response.CompletionCode);
        }

        return GetSdr.TryRead(response.Data.Span, out ushort next, out _) ? (response.Data[2..], next) : throw client.Malformed(CommandName, response.Data.Length);
    }
}
