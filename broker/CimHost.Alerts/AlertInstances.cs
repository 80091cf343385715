using System.Globalization;
using CimHost.Sdk.Cim;

namespace CimHost.Alerts;

/// <summary>Events as instances of CimHost_AlertIndication, or CimHost_ThresholdIndication for those about thresholds.</summary>
/// <param name="findClass">Finds a class by name.</param>
/// <param name="systemName">Name of this host.</param>
public sealed class AlertInstances(Func<string, CimClass?> findClass, string systemName)
{
    /// <summary>Class of events.</summary>
    public const string AlertClass = "CimHost_AlertIndication";

    /// <summary>Class of events about thresholds.</summary>
    public const string ThresholdClass = "CimHost_ThresholdIndication";

    /// <summary>An event as an instance of the class that fits it best.</summary>
    public CimInstance Of(AlertEvent alertEvent) => Of(alertEvent, alertEvent.Alert.Kind == AlertKind.Threshold ? ThresholdClass : AlertClass);

    /// <summary>An event as an instance of a class.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_CLASS: the schema is not in place.</exception>
    public CimInstance Of(AlertEvent alertEvent, string className)
    {
        ArgumentNullException.ThrowIfNull(alertEvent);
        CimClass type = findClass(className) ?? throw new CimException(CimStatusCode.InvalidClass, $"There is no class {className}: the host's own schema is not in place.");
        var instance = new CimInstance(type);
        Alert a = alertEvent.Alert;
        Set("IndicationIdentifier", alertEvent.Identity);
        Set("CorrelatedIndications", alertEvent.Correlated.Length > 0 ? new[] { alertEvent.Correlated } : default(CimValue));
        Set("IndicationTime", new CimDateTime(alertEvent.Time));
        Set("EventTime", new CimDateTime(alertEvent.Time));
        Set("Description", a.Message);
        Set("Message", a.Message);
        Set("OwningEntity", "CimHost");
        Set("MessageID", $"{a.Kind}{alertEvent.Type}");
        Set("MessageArguments", new[] { a.SourceName, a.Condition });
        Set("EventID", a.Id.ToString(CultureInfo.InvariantCulture));
        Set("ProviderName", "CimHost");
        Set("SystemName", systemName);
        Set("SystemCreationClassName", "CIM_ComputerSystem");
        Set("AlertingManagedElement", a.Source);

        // 2: a CIM object path.
        Set("AlertingElementFormat", (ushort)(a.Source.Length > 0 ? 2 : 0));

        // 2 Communications Alert, 5 Device Alert, 1 Other.
        Set("AlertType", (ushort)(a.Kind switch { AlertKind.Communication => 2, AlertKind.Summary or AlertKind.Test => 1, _ => 5 }));
        Set("OtherAlertType", a.Kind is AlertKind.Summary or AlertKind.Test ? a.Kind.ToString() : default(CimValue));

        // A cleared alert is told as information (DSP1054 knows no state "cleared"); AlertEvent says what it is.
        Set("PerceivedSeverity", (ushort)(alertEvent.Type == AlertEventType.Cleared ? PerceivedSeverity.Information : a.Severity));

        // 52 Threshold Crossed, 8 Communications Subsystem Failure, 14 Equipment Malfunction, 0 Unknown.
        Set("ProbableCause", (ushort)(a.Kind switch { AlertKind.Threshold => 52, AlertKind.Communication => 8, AlertKind.State or AlertKind.Log => 14, _ => 0 }));
        Set("RecommendedActions", a.RecommendedAction.Length > 0 ? new[] { a.RecommendedAction } : default(CimValue));
        Set("AlertEvent", (ushort)((int)alertEvent.Type + 1));
        Set("AlertID", (ulong)a.Id);
        Set("AlertKey", a.Key);
        Set("AlertKind", (ushort)a.Kind);
        Set("AlertingElementName", a.SourceName);
        Set("RaisedTime", new CimDateTime(a.RaisedAt));
        Set("ThresholdIdentifier", a.Condition);
        Set("ThresholdValue", Number(a.Threshold));
        Set("ObservedValue", Number(a.Reading));
        Set("Threshold", a.Threshold is { } t ? t : default(CimValue));
        Set("Reading", a.Reading is { } r ? r : default(CimValue));
        Set("ReadingUnits", a.Units);
        return instance;

        void Set(string name, CimValue value)
        {
            if (type.IndexOf(name) is >= 0 and var index)
            {
                instance[index] = value;
            }
        }

        static CimValue Number(double? value) => value is { } v ? v.ToString(CultureInfo.InvariantCulture) : default(CimValue);
    }
}
