using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Watchdog timers (IPMI 2.0 §27).</summary>
[CimProvider(IpmiPaths.WatchdogClass, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class WatchdogProvider(IpmiModels models) : IpmiProvider(models), ICimMethods
{
    private const uint MillisecondsPerCount = 100;
    private const uint MicrosecondsPerCount = 100_000;
    private const byte SystemSoftware = 4;

    private static readonly string[] s_uses = ["Reserved", "BIOS FRB2", "BIOS/POST", "OS Load", "SMS/OS", "OEM"];

    // What IPMI watches in the numbers of CIM_Watchdog.MonitoredEntity: BIOS boot, BIOS boot, OS boot, operating system, other.
    private static readonly ushort[] s_monitored = [0, 6, 6, 3, 2, 1];

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(
        CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        BmcModel model = Models.Current.FirstOrDefault(m => IpmiPaths.IsPart(m, target, "DeviceID", IpmiPaths.WatchdogId(m))) ?? throw CimException.NotFound(target);
        Func<ValueTask> act;
        switch (method.Name.ToUpperInvariant())
        {
            case "START":
                if (Arguments(parameters) is not { } start)
                {
                    return new CimMethodResult(MethodResult.InvalidParameter);
                }

                act = () => model.Watchdog.StartAsync(start.Use, start.Action, start.Counts, cancellationToken);
                break;
            case "KEEPALIVE":
                act = () => model.Watchdog.KeepAliveAsync(cancellationToken);
                break;
            case "STOP":
                act = () => model.Watchdog.StopAsync(cancellationToken);
                break;
            default:
                throw MethodResult.NotCarriedOut(request, method);
        }

        // A timer that somebody else needs is taken away by Stop, one that was never wanted is started by KeepAlive.
        MethodResult.DemandControl(model, request, method);
        return await MethodResult.OfAsync(Models.Host, model, method, act);
    }

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null || await model.Watchdog.ReadAsync(cancellationToken) is not { } timer)
        {
            yield break;
        }

        CimInstance instance = IpmiPaths.NewDevice(request, model, IpmiPaths.WatchdogId(model), "Watchdog of " + model.MachineName);
        instance["Name"] = "Watchdog";
        ushort monitored = timer.TimerUse < s_monitored.Length ? s_monitored[timer.TimerUse] : (ushort)0;
        instance["MonitoredEntity"] = monitored;
        instance["MonitoredEntityDescription"] = UseName(timer.TimerUse);
        instance["TimeoutInterval"] = (ulong)timer.InitialCountdown * MicrosecondsPerCount is <= uint.MaxValue and var interval ? (uint)interval : default(CimValue);
        instance["TimerResolution"] = MicrosecondsPerCount;
        instance["ActionOnExpiration"] = timer.Action <= 3 ? (ushort)timer.Action : default(CimValue);
        instance["Running"] = timer.IsRunning;
        instance["Timeout"] = timer.InitialCountdown * MillisecondsPerCount;
        instance["Remaining"] = timer.PresentCountdown is { } left ? left * MillisecondsPerCount : default(CimValue);
        instance["TimerUse"] = (byte)timer.TimerUse;
        instance["PreTimeoutInterrupt"] = (byte)timer.PreTimeoutInterrupt;
        instance["PreTimeout"] = timer.PreTimeoutSeconds;
        instance["LogsExpiration"] = timer.IsLogged;
        instance["ExpiredUses"] = Enumerable.Range(1, 5).Where(u => (timer.Expired & (1 << u)) != 0).Select(UseName).ToArray();
        instance["EnabledState"] = (ushort)(timer.IsRunning ? 2 : 3);
        instance["RequestedState"] = (ushort)12;
        Health.Set(instance, StateSeverity.Ok, ReadingState.Ok);
        yield return instance;
    }

    private static string UseName(int use) => use < s_uses.Length ? s_uses[use] : "Reserved";

    private static (byte Use, byte Action, ushort Counts)? Arguments(CimNamedList<CimMethodParameter> parameters)
    {
        ulong use = parameters["TimerUse"]?.Value.TryGetUInt64(out ulong given) is true ? given : SystemSoftware;
        return parameters["Timeout"]?.Value.TryGetUInt64(out ulong milliseconds) is true && parameters["Action"]?.Value.TryGetUInt64(out ulong action) is true
            && milliseconds % MillisecondsPerCount == 0 && milliseconds / MillisecondsPerCount is >= 1 and <= ushort.MaxValue and var counts
            && action <= 3 && use is >= 1 and <= 5
            ? ((byte)use, (byte)action, (ushort)counts)
            : null;
    }
}
