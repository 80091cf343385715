namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>
/// Identifiers in the answers of a management controller and of those behind it, among them what they give in pieces: FRU information,
/// records, texts.
/// </summary>
internal sealed class ControllerIdentifiers
{
    private const byte App = 0x06, Transport = 0x0C, Storage = 0x0A, Sensor = 0x04;
    private const byte SendMessage = 0x34, GetDeviceGuid = 0x08, GetSystemGuid = 0x37, GetSystemInfo = 0x59, GetLan = 0x02, ReadFru = 0x11, GetFruArea = 0x10, GetSdr = 0x23, GetDeviceSdr = 0x21;

    private readonly Dictionary<(int Controller, byte Lun, byte Device), Pieces> _frus = [];
    private readonly Dictionary<(int Controller, byte, int), Pieces> _others = [];
    private readonly List<Exchange> _lan = [];
    private readonly HashSet<Exchange> _inPieces = new(ReferenceEqualityComparer.Instance);
    private readonly CommandLog _log;

    public ControllerIdentifiers(CommandLog log)
    {
        _log = log;
        foreach (Exchange exchange in log.Exchanges.Values.Where(e => e.Rank == 2 && e.Request.Length >= 3))
        {
            (int controller, byte[] request) = Unwrap(exchange.Request);
            Sort(exchange, controller, request, exchange.Data);
        }
    }

    /// <summary>Finds them.</summary>
    public void Find(IdentifierSet identifiers)
    {
        foreach (Pieces fru in _frus.Values)
        {
            FruAreas.Find(fru.Whole, identifiers);
        }

        foreach (Exchange exchange in _log.Exchanges.Values.Where(e => e.Data.Length >= 16 && Unwrap(e.Request).Request is [App, _, GetDeviceGuid or GetSystemGuid, ..]))
        {
            // IPMI 2.0 §20.8: least significant byte first; much firmware gives it as SMBIOS does.
            byte[] guid = exchange.Data[..16];
            identifiers.AddUuid([.. guid.Reverse()]);
            identifiers.AddUuid(new Guid(guid).ToByteArray(bigEndian: true));
        }

        foreach (Exchange exchange in _lan)
        {
            Lan(exchange, identifiers);
        }
    }

    /// <summary>Replaces them.</summary>
    public void Replace(IdentifierSet identifiers)
    {
        foreach (Pieces fru in _frus.Values)
        {
            FruAreas.Replace(fru.Whole, identifiers);
            fru.Cut();
        }

        foreach (Pieces other in _others.Values)
        {
            identifiers.Patterns.Replace(other.Whole);
            other.Cut();
        }

        foreach (Exchange exchange in _log.Exchanges.Values.Where(e => !_inPieces.Contains(e)))
        {
            identifiers.Patterns.Replace(exchange.Data);
        }

        foreach (Exchange exchange in _lan)
        {
            ReplaceLan(exchange, identifiers);
        }
    }

    // A command for a controller behind the port's own one, as CommandKeys writes it, is that command; 0 is the port's own.
    private static (int Controller, byte[] Request) Unwrap(byte[] request) => request is [App, _, SendMessage, var channel, var address, var function, ..]
        ? ((channel << 8) | address, [(byte)(function >> 2), (byte)(function & 3), .. request.AsSpan(6)])
        : (0, request);

    private void Sort(Exchange exchange, int controller, byte[] request, byte[] data)
    {
        if (request.Length < 3)
        {
            return;
        }

        switch (request[0], request[2])
        {
            case (Storage, ReadFru) when request.Length >= 7 && data.Length > 1:
                int unit = IsWords(controller, request[3]) ? 2 : 1;
                Add(_frus, (controller, request[1], request[3]), exchange, 1, (request[4] | (request[5] << 8)) * unit);
                break;
            case (Storage, GetSdr) or (Sensor, GetDeviceSdr) when request.Length >= 9 && data.Length > 2:
                Add(_others, (controller, request[0], (request[1] << 16) | request[5] | (request[6] << 8)), exchange, 2, request[7]);
                break;
            case (App, GetSystemInfo) when request.Length >= 7 && data.Length > 2 && request[4] is > 0 and < 16:
                Add(_others, (controller, App, request[4]), exchange, 2, request[5] * 16);
                break;
            case (Transport, GetLan) when controller == 0 && request.Length >= 7:
                _lan.Add(exchange);
                break;
            default:
                break;
        }
    }

    private void Add<TKey>(Dictionary<TKey, Pieces> all, TKey key, Exchange exchange, int skip, int offset)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out Pieces? pieces))
        {
            all[key] = pieces = new Pieces();
        }

        pieces.Add(exchange, skip, offset);
        _inPieces.Add(exchange);
    }

    private bool IsWords(int controller, byte fru) => _log.Exchanges.Values.Any(e =>
        e.Rank == 2 && e.Data.Length >= 3 && Unwrap(e.Request) is var (asked, request) && asked == controller && request is [Storage, _, GetFruArea, var device, ..] && device == fru && (e.Data[2] & 1) != 0);

    // IPMI 2.0 table 23-4; the revision comes before the data.
    private static void Lan(Exchange exchange, IdentifierSet identifiers)
    {
        Span<byte> data = exchange.Data;
        switch (exchange.Request[4])
        {
            case 3 or 12 or 14 when data.Length >= 5:
                identifiers.AddV4(data.Slice(1, 4));
                break;
            case 5 or 13 or 15 when data.Length >= 7:
                identifiers.AddMac(data.Slice(1, 6));
                break;
            case 19 when data.Length >= 14:
                identifiers.AddV4(data.Slice(4, 4));
                identifiers.AddMac(data.Slice(8, 6));
                break;
            case 56 or 59 when data.Length >= 19:
                identifiers.AddV6(data.Slice(3, 16));
                break;
            case 65 or 68 or 71 or 73 when data.Length >= 17:
                identifiers.AddV6(data[^16..]);
                break;
            case 66 or 69 when data.Length >= 7:
                identifiers.AddMac(data[^6..]);
                break;
            default:
                break;
        }
    }

    // What has four bytes only is replaced where it is known to be an address; the community string is nobody's business.
    private static void ReplaceLan(Exchange exchange, IdentifierSet identifiers)
    {
        byte[] data = exchange.Data;
        int at = exchange.Request[4] switch { 3 or 12 or 14 => 1, 19 => 4, _ => 0 };
        if (at > 0 && data.Length >= at + 4)
        {
            identifiers.V4(data[at..(at + 4)]).CopyTo(data, at);
        }
        else if (exchange.Request[4] == 16 && data.Length > 1)
        {
            data.AsSpan(1).Clear();
        }
    }
}
