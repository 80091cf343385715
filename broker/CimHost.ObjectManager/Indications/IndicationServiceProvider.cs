using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Indications;

/// <summary>The indication service as CIM instances in <c>root/interop</c> (DSP1054): service, capabilities, settings, and how each destination does.</summary>
internal sealed class IndicationServiceProvider(IndicationService service, IndicationState state, CimSchema schema) : ICimProvider, ICimModifyInstance, ICimMethods
{
    private const string Service = "CimHost_IndicationService";
    private const string Capabilities = "CIM_IndicationServiceCapabilities";
    private const string Settings = "CIM_IndicationServiceSettingData";
    private const string Status = "CimHost_DestinationStatus";
    private const uint MostTests = 1000;

    /// <summary>Classes that it serves.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        [Service, Capabilities, Settings, Status, "CIM_HostedService", "CIM_ElementCapabilities", "CIM_ElementSettingData", "CIM_ServiceAffectsElement"];

    private CimObjectPath System => new(SubscriptionRules.SystemClass, [new("CreationClassName", SubscriptionRules.SystemClass), new("Name", state.SystemName)], CimSchema.Interop);

    private CimObjectPath ServicePath => new(
        Service,
        [
            new("SystemCreationClassName", SubscriptionRules.SystemClass), new("SystemName", state.SystemName),
            new("CreationClassName", Service), new("Name", "CimHost:IndicationService"),
        ],
        CimSchema.Interop);

    private static CimObjectPath CapabilitiesPath => new(Capabilities, "InstanceID", "CimHost:IndicationServiceCapabilities", CimSchema.Interop);

    private static CimObjectPath SettingsPath => new(Settings, "InstanceID", "CimHost:IndicationServiceSettingData", CimSchema.Interop);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<CimInstance> instances = request.CimClass.ClassName switch
        {
            Service => [ServiceInstance(request)],
            Capabilities => [CapabilitiesInstance(request)],
            Settings => [SettingsInstance(request)],
            Status => state.Model.Destinations.Values.Select(d => StatusInstance(request, d)),
            "CIM_HostedService" => [Link(request, ("Antecedent", System), ("Dependent", ServicePath))],
            "CIM_ElementCapabilities" => [Link(request, ("ManagedElement", ServicePath), ("Capabilities", CapabilitiesPath))],
            "CIM_ElementSettingData" => [CurrentSettings(request)],
            _ => Affected().Select(e => Link(request, ("AffectedElement", e), ("AffectingElement", ServicePath))),
        };
        foreach (CimInstance instance in instances)
        {
            yield return instance;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ModifyAsync(CimProviderRequest request, CimInstance instance, IReadOnlyList<string> properties, CancellationToken cancellationToken) =>
        request.CimClass.ClassName is Service or Settings
            ? state.ChangeSettingsAsync(state.Settings.With(instance, properties), cancellationToken)
            : throw CimException.NotSupported($"Instances of {request.CimClass.ClassName} tell how the service is and cannot be changed.");

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        if (method.Name != "SendTestIndication")
        {
            throw new CimException(CimStatusCode.MethodNotAvailable, $"{request.CimClass.ClassName}.{method.Name} cannot be invoked: the indication service runs as long as the object manager does.");
        }

        uint count = parameters["Count"]?.Value is { IsNull: false } given && given.TryGetUInt64(out ulong number) ? (uint)Math.Min(number, uint.MaxValue) : 1;
        if (count is 0 or > MostTests)
        {
            throw CimException.InvalidParameter($"Count is {count}; it can be 1 to {MostTests}.");
        }

        ushort severity = parameters["Severity"]?.Value is { IsNull: false } told && told.TryGetUInt64(out ulong level) ? (ushort)level : (ushort)2;
        string message = parameters["Message"]?.Value.AsString() is { Length: > 0 } text ? text : "Test of the way to the listeners; nothing is wrong.";
        if (message.Length > 1024)
        {
            throw CimException.InvalidParameter($"Message has {message.Length} characters; at most 1024 are allowed.");
        }

        List<CimInstance> tests = [.. Enumerable.Range(1, (int)count).Select(i => Test(message, severity, i))];
        int deliveries = await service.PublishAsync(tests, SubscriptionRules.AlertNamespace, null, cancellationToken);
        return new CimMethodResult(
            0u,
            new CimNamedList<CimMethodParameter>(
            [
                new CimMethodParameter("IndicationIdentifiers", CimType.StringArray, tests.Select(t => t["IndicationIdentifier"].AsString()).ToArray()),
                new CimMethodParameter("Deliveries", CimType.UInt32, (uint)deliveries),
            ]));
    }

    private CimInstance Test(string message, ushort severity, int number)
    {
        CimInstance test = new(schema.GetClass(SubscriptionRules.AlertNamespace, "CimHost_AlertIndication"), SubscriptionRules.AlertNamespace);
        test["IndicationIdentifier"] = $"urn:uuid:{Guid.CreateVersion7():D}";
        test["AlertType"] = (ushort)1;
        test["OtherAlertType"] = "Test";
        test["AlertKind"] = (ushort)5;
        test["AlertKey"] = "test";
        test["AlertEvent"] = (ushort)1;
        test["PerceivedSeverity"] = severity;
        test["ProbableCause"] = (ushort)1;
        test["ProbableCauseDescription"] = "Sent on request";
        test["EventID"] = $"test:{number}";
        test["EventTime"] = new CimDateTime(service.Now);
        test["Description"] = "Test alert";
        test["Message"] = message;
        test["MessageArguments"] = new[] { number.ToString() };
        test["OwningEntity"] = "CimHost";
        test["MessageID"] = "CimHost:Test";
        test["SystemCreationClassName"] = SubscriptionRules.SystemClass;
        test["SystemName"] = state.SystemName;
        test["ProviderName"] = "CimHost";
        test["AlertingManagedElement"] = ServicePath.ToString();
        test["AlertingElementFormat"] = (ushort)2;
        test["AlertingElementName"] = "Indication service";
        return test;
    }

    private CimInstance ServiceInstance(CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        foreach (CimKeyBinding key in ServicePath.Keys)
        {
            instance[key.Name] = key.Value;
        }

        state.Settings.Write(instance);
        instance["ElementName"] = "CimHost indication service";
        instance["Caption"] = "Delivers indications to listeners";
        instance["Started"] = true;
        instance["EnabledState"] = (ushort)2;
        instance["RequestedState"] = (ushort)12;
        instance["HealthState"] = (ushort)5;
        instance["OperationalStatus"] = new ushort[] { 2 };
        return instance;
    }

    private static CimInstance CapabilitiesInstance(CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = CapabilitiesPath["InstanceID"];
        instance["ElementName"] = "What clients may set of the indication service";
        foreach (string name in IndicationSettings.Names)
        {
            instance[name + "IsSettable"] = true;
        }

        instance["MaxListenerDestinations"] = (uint)IndicationState.MaxDestinations;
        instance["MaxActiveSubscriptions"] = (uint)IndicationState.MaxSubscriptions;
        instance["SubscriptionsPersisted"] = true;
        return instance;
    }

    private CimInstance SettingsInstance(CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = SettingsPath["InstanceID"];
        instance["ElementName"] = "Settings of the indication service";
        instance["ChangeableType"] = (ushort)2;
        state.Settings.Write(instance);
        return instance;
    }

    private CimInstance CurrentSettings(CimProviderRequest request)
    {
        CimInstance link = Link(request, ("ManagedElement", ServicePath), ("SettingData", SettingsPath));
        link["IsCurrent"] = (ushort)1;
        link["IsNext"] = (ushort)1;
        return link;
    }

    private static CimInstance StatusInstance(CimProviderRequest request, DestinationEntry destination)
    {
        DestinationStatus status = destination.Status;
        bool works = status.FailedAttempts == 0;
        static CimValue At(DateTimeOffset? time) => time is { } known ? new CimDateTime(known) : CimValue.Null;
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = $"CimHost:{destination.Instance.ClassName}:{destination.Name}:{destination.Id}";
        instance["ElementName"] = destination.Name;
        instance["DestinationPath"] = destination.Instance.Path?.ToString();
        instance["Destination"] = destination.Url;
        instance["SequenceContext"] = destination.Context;
        instance["NextSequenceNumber"] = status.NextSequence;
        instance["QueuedIndications"] = (uint)Math.Max(0, status.Queued);
        instance["DeliveredIndications"] = (ulong)status.Delivered;
        instance["LastDelivery"] = At(status.DeliveredAt);
        instance["FailedAttempts"] = (uint)status.FailedAttempts;
        instance["FailingSince"] = At(status.FailingSince);
        instance["LastFailure"] = status.LastFailure;
        instance["NextAttempt"] = At(status.NextAttempt);
        instance["DroppedIndications"] = (ulong)status.Dropped;
        instance["LastDropReason"] = status.DropReason;
        instance["LastDrop"] = At(status.DroppedAt);
        instance["HealthState"] = (ushort)(works ? 5 : 20);
        instance["OperationalStatus"] = new ushort[] { (ushort)(works ? 2 : 6) };
        instance["StatusDescriptions"] = new[] { works ? "Delivers" : status.LastFailure };
        return instance;
    }

    private IEnumerable<CimObjectPath> Affected()
    {
        IndicationModel model = state.Model;
        return model.Filters.Values.Select(f => f.Instance.Path!)
            .Concat(state.Collections.Select(c => c.Instance.Path!))
            .Concat(model.Destinations.Values.Select(d => d.Instance.Path!));
    }

    private static CimInstance Link(CimProviderRequest request, params ReadOnlySpan<(string Role, CimObjectPath Path)> ends)
    {
        CimInstance link = request.NewInstance();
        foreach ((string role, CimObjectPath path) in ends)
        {
            link[role] = path;
        }

        return link;
    }
}
