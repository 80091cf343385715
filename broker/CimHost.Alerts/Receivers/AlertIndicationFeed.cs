using CimHost.Alerts.Engine;
using CimHost.ObjectManager.Indications;
using CimHost.Sdk.Cim;

namespace CimHost.Alerts.Receivers;

/// <summary>
/// Gives the events to the indication service, each exactly once: it keeps the sequence of the last one together with what it queued for
/// its listeners, and this goes on from there.
/// </summary>
public sealed class AlertIndicationFeed(AlertEngine engine, IndicationService indications, AlertInstances instances)
{
    private const string Namespace = "root/cimv2";
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    /// <summary>Feeds until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string source = "alerts:" + engine.Origin;
        while (true)
        {
            long last = indications.LastSequence(source);
            await engine.WaitAfterAsync(last, cancellationToken);
            try
            {
                foreach (AlertEvent next in engine.ReadAfter(last, 100))
                {
                    await indications.PublishAsync(instances.Of(next), Namespace, new IndicationOrigin(source, next.Sequence), cancellationToken);
                }
            }
            catch (CimException)
            {
                // The disk is full or the service ends; what was not taken is given again.
                await Task.Delay(s_retry, cancellationToken);
            }
        }
    }
}
