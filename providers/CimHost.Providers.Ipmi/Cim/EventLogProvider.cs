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

/// <summary>The system event logs (DSP1010), and the way to clear them. Nothing clears a log by itself.</summary>
[CimProvider(IpmiPaths.LogClass, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class EventLogProvider(IpmiModels models) : IpmiProvider(models), ICimMethods
{
    private const ushort WrapsWhenFull = 2;
    private const ushort NeverOverwrites = 7;
    private const ushort Normal = 2;

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(
        CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        BmcModel model = Models.Current.FirstOrDefault(m => !target.IsClassPath && target["InstanceID"].AsString() == IpmiPaths.LogId(m)) ?? throw CimException.NotFound(target);
        if (!string.Equals(method.Name, "ClearLog", StringComparison.OrdinalIgnoreCase))
        {
            throw MethodResult.NotCarriedOut(request, method);
        }

        return await MethodResult.OfAsync(Models.Host, model, method, () => new ValueTask(model.Log.ClearAsync(cancellationToken)));
    }

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is { } failure)
        {
            CimInstance unread = New(model, request);
            Health.Set(unread, null, ReadingState.TimedOut, failure.Message);
            yield return unread;
            yield break;
        }

        if (await model.Log.ReadAsync(cancellationToken) is not { } log)
        {
            yield break;
        }

        CimInstance instance = New(model, request);
        Describe(instance, log);
        SetHealth(instance, log.Info, model.EventLogWarningPercent);
        yield return instance;
    }

    private static CimInstance New(BmcModel model, CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = IpmiPaths.LogId(model);
        instance["Name"] = IpmiPaths.LogName;
        instance["ElementName"] = IpmiPaths.LogName;
        instance["Caption"] = $"{IpmiPaths.LogName} of {model.MachineName}";
        instance["RequestedState"] = (ushort)12;
        return instance;
    }

    private static void Describe(CimInstance instance, EventLogState log)
    {
        instance["CurrentNumberOfRecords"] = (ulong)log.Records.Count;
        instance["MaxNumberOfRecords"] = log.Info.FreeEntries is { } free ? (ulong)(log.Info.Entries + free) : default(CimValue);
        instance["OverwritePolicy"] = log.HasWrapped ? WrapsWhenFull : log.Info.Overflow ? NeverOverwrites : (ushort)0;
        instance["LogState"] = Normal;
        instance["EnabledState"] = (ushort)2;
        instance["PercentUsed"] = (ushort?)log.Info.PercentUsed;
        instance["EventsLost"] = log.Info.Overflow;
        instance["LastAddition"] = Time(log.Info.LastAddition);
        instance["LastErase"] = Time(log.Info.LastErase);
    }

    private static void SetHealth(CimInstance instance, GetSelInfo info, int warningPercent)
    {
        string[] problems = [.. new[]
        {
            info.Overflow ? "Events were lost because the log was full" : null,
            info.PercentUsed >= warningPercent ? $"The log is {info.PercentUsed} % full" : null,
        }.OfType<string>()];
        Health.Set(instance, problems.Length > 0 ? StateSeverity.Degraded : StateSeverity.Ok, ReadingState.Ok, problems);
    }

    // Small values count from the start of the controller; FFFFFFFFh is none.
    private static CimValue Time(uint seconds) => seconds is >= 0x2000_0000 and < uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default(CimValue);
}
