using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Unruly;

/// <summary>
/// Sensors that are well and failed in turn, all at once: Sensors of them change Turns times, once each time they are read, and then Failed
/// stay failed. Without that configuration there are none.
/// </summary>
[CimProvider("Test_Flicker")]
[method: ImportingConstructor]
public sealed class FlickerProvider(IProviderHost host) : ICimProvider
{
    private const ushort Ok = 5;
    private const ushort CriticalFailure = 25;
    private readonly int _sensors = Number(host, "Sensors");
    private readonly int _turns = Number(host, "Turns");
    private readonly int _failed = Number(host, "Failed");
    private int _reads = -1;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        int turn = Interlocked.Increment(ref _reads);
        if (turn == _turns + 1 && _turns > 0)
        {
            host.Log.Information($"{_sensors} sensors have changed {_turns} times");
        }

        for (int i = 0; i < _sensors; i++)
        {
            CimInstance sensor = request.NewInstance();
            sensor["SystemCreationClassName"] = "CIM_ComputerSystem";
            sensor["SystemName"] = host.SystemName;
            sensor["CreationClassName"] = "Test_Flicker";
            sensor["DeviceID"] = i.ToString(CultureInfo.InvariantCulture);
            sensor["ElementName"] = string.Create(CultureInfo.InvariantCulture, $"Flicker {i}");
            sensor["HealthState"] = (turn <= _turns ? turn % 2 == 1 : i < _failed) ? CriticalFailure : Ok;
            yield return sensor;
        }
    }

    private static int Number(IProviderHost host, string key) =>
        host.Configuration.TryGetValue(key, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
}
