using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <content>What a listener is told of its own subscription.</content>
internal sealed partial class IndicationState
{
    // "IndicationSubscriptionAlert" of CIM_AbstractIndicationSubscription.AlertOnStateChange (CIM Schema 2.49): it follows in the queue what
    // the subscription sent until then, and waits there for a listener that is away, also when the subscription is gone.
    private void TellState(IndicationDatabase.Transaction transaction, SubscriptionEntry subscription, string what)
    {
        if (!subscription.Instance["AlertOnStateChange"].Equals(true) || _model.FiltersOf(subscription).FirstOrDefault() is not { } filter)
        {
            return;
        }

        DateTimeOffset now = Now;
        var alert = new CimInstance(_schema.GetClass(SubscriptionRules.AlertNamespace, "CIM_AlertIndication"), SubscriptionRules.AlertNamespace);
        alert["IndicationIdentifier"] = $"urn:uuid:{Guid.CreateVersion7():D}";
        alert["IndicationTime"] = new CimDateTime(now);
        alert["EventTime"] = new CimDateTime(now);
        alert["EventID"] = "SubscriptionStateChange";
        alert["AlertType"] = (ushort)1;
        alert["OtherAlertType"] = "IndicationSubscriptionAlert";
        alert["PerceivedSeverity"] = (ushort)2;
        alert["ProbableCause"] = (ushort)1;
        alert["ProbableCauseDescription"] = what;
        alert["AlertingManagedElement"] = subscription.Instance.Path!.ToString();
        alert["AlertingElementFormat"] = (ushort)2;
        alert["SystemName"] = SystemName;
        alert["SystemCreationClassName"] = SubscriptionRules.SystemClass;
        alert["ProviderName"] = "CimHost";
        alert["Description"] = "State of a subscription";
        alert["Message"] = what;
        Enqueue(transaction, subscription, filter, alert, now);
    }
}
