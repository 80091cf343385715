using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;

namespace CimHost.Providers.Power.Providers;

/// <summary>Looks at devices all at once and hands each over as it is ready: what is slow delays nothing but itself.</summary>
internal static class DeviceSweep
{
    /// <summary>The devices with their readings, in the order in which they are ready; without a look when nothing read is wanted.</summary>
    public static async IAsyncEnumerable<(PowerDevice Device, PowerReading Reading)> ReadAsync(
        IEnumerable<PowerDevice> devices, bool look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!look)
        {
            foreach (PowerDevice device in devices)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return (device, device.Layout);
            }

            yield break;
        }

        Task<(PowerDevice, PowerReading)>[] looks = [.. devices.Select(d => LookAsync(d, cancellationToken))];
        await foreach (Task<(PowerDevice, PowerReading)> done in Task.WhenEach(looks).WithCancellation(cancellationToken))
        {
            yield return await done;
        }
    }

    private static async Task<(PowerDevice Device, PowerReading Reading)> LookAsync(PowerDevice device, CancellationToken cancellationToken) =>
        (device, await device.ReadAsync(cancellationToken));
}
