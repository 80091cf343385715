using System.Composition;
using System.Globalization;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Files;

/// <summary>
/// Reads attributes under a time limit. A read that the kernel does not return from cannot be stopped; it is left to itself, and until it
/// comes back no second one is started on the same attribute, so that a dead device holds one read per attribute and not one per query.
/// </summary>
[Export]
[Shared]
internal sealed class AttributeReader
{
    private const string LimitKey = "ReadTimeoutMilliseconds";
    private const int DefaultLimit = 2000;
    private const int MinLimit = 10;
    private const int MaxLimit = 60_000;

    private readonly Dictionary<string, Task<AttributeContent>> _inFlight = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly IProviderHost _host;
    private readonly TimeSpan _limit;

    /// <summary>Takes the time limit from the package's configuration.</summary>
    /// <exception cref="InvalidOperationException">The configured limit is no number in range.</exception>
    [ImportingConstructor]
    public AttributeReader(IProviderHost host)
    {
        _host = host;
        _limit = TimeSpan.FromMilliseconds(Limit(host.Configuration));
    }

    internal IFileTree Files => _host.Hardware.Files;

    internal TimeProvider Time => _host.Time;

    /// <summary>Starts the time in which the attributes of one channel have to be read.</summary>
    internal ReadLimit StartLimit(CancellationToken cancellationToken) => new(_limit, _host.Time, cancellationToken);

    /// <summary>Reads one attribute within the limit.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; not thrown for the limit.</exception>
    internal async ValueTask<AttributeContent> ReadAsync(string path, ReadLimit limit)
    {
        limit.Caller.ThrowIfCancellationRequested();
        if (limit.Token.IsCancellationRequested)
        {
            return TimedOut(path);
        }

        Task<AttributeContent> read = Join(path);
        if (read.IsCompleted)
        {
            return await read;
        }

        try
        {
            return await read.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!limit.Caller.IsCancellationRequested)
        {
            return TimedOut(path);
        }
    }

    private Task<AttributeContent> Join(string path)
    {
        lock (_lock)
        {
            if (!_inFlight.TryGetValue(path, out Task<AttributeContent>? read))
            {
                _inFlight.Add(path, read = StartAsync(path));
            }

            return read;
        }
    }

    private async Task<AttributeContent> StartAsync(string path)
    {
        // The entry must be in the table before it is taken out again, also where the read returns at once.
        await Task.Yield();
        try
        {
            byte[]? content = await Files.ReadAsync(path, CancellationToken.None);
            return content is null ? AttributeContent.Absent(path) : new AttributeContent(ReadingState.Ok, content, null);
        }
        catch (HardwareException e)
        {
            return new AttributeContent(State(e.Fault), [], e.Message);
        }
        finally
        {
            lock (_lock)
            {
                _inFlight.Remove(path);
            }
        }
    }

    private AttributeContent TimedOut(string path) =>
        new(ReadingState.TimedOut, [], $"{path} gave no answer within {_limit.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms");

    private static ReadingState State(HardwareFault fault) => fault switch
    {
        HardwareFault.TimedOut => ReadingState.TimedOut,
        HardwareFault.Unsupported => ReadingState.Unsupported,
        _ => ReadingState.Unavailable,
    };

    private static int Limit(IReadOnlyDictionary<string, string> configuration)
    {
        if (!configuration.TryGetValue(LimitKey, out string? text))
        {
            return DefaultLimit;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= MinLimit and <= MaxLimit
            ? value
            : throw new InvalidOperationException($"Providers:CimHost.Providers.Sensors:{LimitKey} is '{text}'; allowed is a whole number from {MinLimit} to {MaxLimit}.");
    }
}
