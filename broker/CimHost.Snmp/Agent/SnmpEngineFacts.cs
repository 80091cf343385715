using System.Globalization;
using System.Security.Cryptography;
using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Agent;

/// <summary>The engine: its identity and boots, which are on disk before it serves, its clock and its counters (RFC 3411, RFC 3414 section 2.2).</summary>
public sealed class SnmpEngineFacts : ISnmpEngineFacts
{
    private readonly byte[] _id;
    private readonly long _started;
    private readonly TimeProvider _time;

    private SnmpEngineFacts(byte[] id, int boots, TimeProvider time)
    {
        _id = id;
        EngineBoots = boots;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> EngineId => _id;

    /// <inheritdoc/>
    public int EngineBoots { get; }

    /// <inheritdoc/>
    public int EngineTime => (int)Math.Min(_time.GetElapsedTime(_started).TotalSeconds, int.MaxValue);

    /// <inheritdoc/>
    public int MaxMessageSize => 65_507;

    /// <inheritdoc/>
    public uint UpTime => unchecked((uint)(long)(_time.GetElapsedTime(_started).TotalMilliseconds / 10));

    /// <inheritdoc/>
    public SnmpCounters Counters { get; } = new();

    /// <inheritdoc/>
    public bool AuthenticationTraps { get; set; }

    /// <summary>Reads identity and boots from a file, counts this boot, and writes it back before anything else.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message says what to do.</exception>
    public static SnmpEngineFacts Open(string path, uint enterprise, TimeProvider time)
    {
        byte[] id;
        int boots = 0;
        if (File.Exists(path))
        {
            (id, boots) = Read(path);
        }
        else
        {
            // RFC 3411 section 5, SnmpEngineID: the enterprise with the first bit set, 5: octets of the administrator's choice.
            id = [(byte)(0x80 | (enterprise >> 24)), (byte)(enterprise >> 16), (byte)(enterprise >> 8), (byte)enterprise, 5, .. RandomNumberGenerator.GetBytes(12)];
        }

        // It stays at its greatest value then: the keys of all users would have to be changed (RFC 3414 section 2.2.2).
        boots = boots == int.MaxValue ? boots : boots + 1;
        string fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{Convert.ToHexString(id)} {boots.ToString(CultureInfo.InvariantCulture)}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        return new SnmpEngineFacts(id, boots, time);
    }

    /// <summary>Identity of the engine that a file holds.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged; the message says what to do.</exception>
    public static byte[] ReadId(string path) => Read(path).Id;

    private static (byte[] Id, int Boots) Read(string path)
    {
        string[] parts = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2 && TryParseHex(parts[0], out byte[] id) && id.Length is >= 5 and <= 32 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int boots)
            ? (id, boots)
            : throw new InvalidDataException($"{path} is damaged: it has to hold the engine's identity in hexadecimal and the number of its boots. Move it away to become a new engine.");
    }

    private static bool TryParseHex(string text, out byte[] octets)
    {
        octets = [];
        if (text.Length % 2 != 0 || text.Any(c => !char.IsAsciiHexDigit(c)))
        {
            return false;
        }

        octets = Convert.FromHexString(text);
        return true;
    }
}
