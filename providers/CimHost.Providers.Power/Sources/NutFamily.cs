using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Wire;
using CimHost.Providers.Power.Wire.Nut;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>
/// The UPSs of one NUT server. A look takes one connection for all of them and is good for a second. A server that does not answer keeps
/// the UPSs that it had, which then say why they cannot be read.
/// </summary>
internal sealed class NutFamily(UpsdSettings settings, TimeSpan limit, TimeProvider time) : IPowerFamily
{
    private const int MaxUpses = 64;
    private static readonly TimeSpan s_good = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Dictionary<string, PowerReading> _known = new(StringComparer.Ordinal);
    private string? _problem;
    private DateTimeOffset? _looked;
    private Task? _inFlight;

    /// <summary>Where the UPSs are read from, for people.</summary>
    public string Origin => "upsd at " + settings.Address;

    /// <inheritdoc/>
    public async ValueTask<PowerListing> ListAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        lock (_lock)
        {
            // The name of a UPS is unique on its server, and the server's address says which one.
            string[] upses = [.. _known.Keys.Order(StringComparer.Ordinal)];
            IReadOnlyList<string> ids = StableNames.Assign([.. upses.Select(u => ($"nut-{settings.Address}-{u}", u))]);
            return new PowerListing([.. upses.Select((u, i) => new NutPowerSource(this, ids[i], u))], _known.Count == 0 && _problem is not null ? [_problem + "."] : []);
        }
    }

    /// <summary>The last reading of a UPS.</summary>
    public PowerReading Last(string ups)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(ups) ?? Missing();
        }
    }

    /// <summary>Looks at the server and gives the reading of one UPS.</summary>
    public async ValueTask<PowerReading> ReadAsync(string ups, CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        return Last(ups);
    }

    private PowerReading Missing() => new() { State = ReadingState.Absent, Reason = $"{Origin} does not know the UPS any more", Time = time.GetUtcNow() };

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Task look;
        lock (_lock)
        {
            if (_looked is { } then && time.GetUtcNow() - then < s_good)
            {
                return;
            }

            look = _inFlight ??= SweepAsync();
        }

        await look.WaitAsync(cancellationToken);
    }

    private async Task SweepAsync()
    {
        // The caller must have taken note of this sweep before it can end.
        await Task.Yield();
        using var clock = new CancellationTokenSource(limit, time);
        Dictionary<string, PowerReading>? found = null;
        string? problem = null;
        ReadingState state = ReadingState.Unavailable;
        try
        {
            found = await ReadAllAsync(clock.Token);
        }
        catch (NutException e)
        {
            (problem, state) = (e.Message, e.State);
        }
        catch (OperationCanceledException)
        {
            (problem, state) = ($"{Origin} gave no answer within {limit.TotalMilliseconds:0} ms", ReadingState.TimedOut);
        }
        finally
        {
            lock (_lock)
            {
                DateTimeOffset now = time.GetUtcNow();
                problem ??= found is null ? $"{Origin} could not be read" : null;
                _known = found ?? _known.ToDictionary(k => k.Key, k => k.Value.Failed(state, problem!, now), StringComparer.Ordinal);
                (_problem, _looked, _inFlight) = (problem, now, null);
            }
        }
    }

    private async Task<Dictionary<string, PowerReading>> ReadAllAsync(CancellationToken cancellationToken)
    {
        using NutConnection connection = await NutConnection.OpenAsync(settings, cancellationToken);
        var readings = new Dictionary<string, PowerReading>(StringComparer.Ordinal);
        foreach (IReadOnlyList<string> line in await connection.ListAsync("UPS", cancellationToken))
        {
            if (line.Count >= 2 && line[0] == "UPS" && IsName(line[1]) && readings.Count < MaxUpses)
            {
                readings[line[1]] = await ReadUpsAsync(connection, line[1], cancellationToken);
            }
        }

        await connection.LogoutAsync(cancellationToken);
        return readings;
    }

    private async Task<PowerReading> ReadUpsAsync(NutConnection connection, string ups, CancellationToken cancellationToken)
    {
        try
        {
            var variables = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (IReadOnlyList<string> line in await connection.ListAsync("VAR " + ups, cancellationToken))
            {
                if (line.Count >= 4 && line[0] == "VAR" && line[1] == ups)
                {
                    variables[line[2]] = line[3];
                }
            }

            return NutVariables.Decode(variables, time.GetUtcNow());
        }
        catch (NutException e) when (e.IsRefusal)
        {
            // The server answers, the UPS does not: the others are read on.
            PowerReading last;
            lock (_lock)
            {
                last = _known.GetValueOrDefault(ups) ?? new PowerReading { State = e.State, Time = time.GetUtcNow() };
            }

            return last.Failed(e.State, e.Message, time.GetUtcNow());
        }
    }

    // What a server calls its UPS goes back to it in the next command.
    private static bool IsName(string name) => name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '@');

    private sealed class NutPowerSource(NutFamily family, string id, string ups) : IPowerSource
    {
        public string Id => id;

        public PowerDeviceKind Kind => PowerDeviceKind.Ups;

        public string Origin => family.Origin;

        public PowerReading Layout => family.Last(ups);

        public ValueTask<PowerReading> ReadAsync(CancellationToken cancellationToken) => family.ReadAsync(ups, cancellationToken);
    }
}
