using CimHost.Alerts.Engine;
using CimHost.ObjectManager.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.Alerts.Tests.Engine;

/// <summary>An engine over a file of its own, with a clock that the test moves.</summary>
internal sealed class EngineBed : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("alerts").FullName;
    private readonly AlertOptions _options;

    public EngineBed(AlertOptions? options = null)
    {
        _options = options ?? new AlertOptions();
        Engine = Open();
    }

    public AlertEngine Engine { get; private set; }

    public ManualTime Time { get; } = new();

    public IReadOnlyList<AlertEvent> Events => Engine.ReadAfter(0, 100_000);

    /// <summary>As a kill and a new start: nothing is told to the old one.</summary>
    public void Restart()
    {
        Engine.Dispose();
        Engine = Open();
    }

    /// <summary>One poll of a class, and what follows from it.</summary>
    public void Poll(params Observation[] observations)
    {
        Engine.Observe("package", "Sensors", observations);
        Settle();
    }

    /// <summary>A poll interval goes by, and the engine looks at the clock.</summary>
    public void Settle()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Engine.Tick();
        Time.Advance(TimeSpan.FromSeconds(29));
    }

    public void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private AlertEngine Open() => AlertEngine.Open(Path.Combine(_directory, "alerts.db"), _options, Time, NullLogger.Instance);
}
