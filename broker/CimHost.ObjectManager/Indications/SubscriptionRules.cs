using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>Completes and checks what clients create (DSP1054 §7): filters, destinations and subscriptions.</summary>
internal static class SubscriptionRules
{
    /// <summary>Class of the system on which filters and destinations are.</summary>
    public const string SystemClass = "CimHost_HostSystem";

    /// <summary>Namespace in which the alerts of the host arise.</summary>
    public const string AlertNamespace = "root/cimv2";

    private const int MaxText = 4096;

    /// <summary>A filter with what its client left out.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_PARAMETER.</exception>
    public static CimInstance Filter(CimInstance given, string systemName)
    {
        CimInstance filter = Named(given, systemName);
        string?[] namespaces = filter["SourceNamespaces"].AsArray<string?>() is { Length: > 0 } several ? several
            : filter["SourceNamespace"].AsString() is { } one ? [one]
            : [filter.Namespace, AlertNamespace];
        filter["SourceNamespaces"] = namespaces.Select(n => CimSchema.NormalizeNamespace(n ?? string.Empty)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        return filter;
    }

    /// <summary>A destination with what its client left out.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_PARAMETER.</exception>
    public static CimInstance Destination(CimInstance given, string systemName)
    {
        CimInstance destination = Named(given, systemName);
        string url = destination["Destination"].AsString() ?? throw CimException.InvalidParameter($"{given.ClassName}.Destination has no value; it is the URL of the listener.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
        {
            throw CimException.InvalidParameter($"{given.ClassName}.Destination is '{url}'; expected a URL that begins with http:// or https://.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw CimException.InvalidParameter($"{given.ClassName}.Destination must not hold a user or a password, which everybody could read there; use the properties username and password.");
        }

        if (destination["Protocol"] is { IsNull: false } protocol && protocol != (ushort)2)
        {
            throw CimException.InvalidParameter($"{given.ClassName}.Protocol is {protocol}; indications are delivered over CIM-XML (2).");
        }

        destination["Protocol"] = (ushort)2;
        destination["PersistenceType"] = destination["PersistenceType"].IsNull ? (ushort)2 : destination["PersistenceType"];
        RequireCredentials(destination, uri);
        return destination;
    }

    /// <summary>A subscription with what its client left out.</summary>
    public static CimInstance Subscription(CimInstance given, DateTimeOffset now)
    {
        CimInstance subscription = given.Clone();
        foreach (string role in (string[])["Filter", "Handler"])
        {
            CimObjectPath path = given[role].AsReference() ?? throw CimException.InvalidParameter($"{given.ClassName}.{role} has no value.");
            subscription[role] = path.WithHost(null).WithNamespace(CimSchema.NormalizeNamespace(path.Namespace ?? CimSchema.Interop));
        }

        void Default(string name, CimValue value) => subscription[name] = subscription[name].IsNull ? value : subscription[name];
        Default("OnFatalErrorPolicy", (ushort)FatalErrorPolicy.Ignore);
        Default("RepeatNotificationPolicy", RepeatPolicy.None);
        Default("SubscriptionState", SubscriptionEntry.Enabled);
        subscription["SubscriptionStartTime"] = new CimDateTime(now);
        subscription["TimeOfLastStateChange"] = new CimDateTime(now);
        Computed(subscription);
        return subscription;
    }

    /// <summary>A stored subscription with what its client changed; what the service keeps by itself stays.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_PARAMETER.</exception>
    public static CimInstance Changed(CimInstance stored, CimInstance given, IReadOnlyList<string> properties, DateTimeOffset now)
    {
        CimInstance changed = stored.Clone();
        foreach (string name in properties)
        {
            if (name is not ("Filter" or "Handler" or "SubscriptionStartTime" or "TimeOfLastStateChange" or "SubscriptionTimeRemaining" or "LastIndicationIdentifier" or "LastIndicationProductionDateTime"))
            {
                changed[name] = given[name].IsNull && name is "SubscriptionState" ? stored[name] : given[name];
            }
        }

        // What was read as "enabled degraded" and is written back means enabled.
        if (changed["SubscriptionState"] == SubscriptionEntry.EnabledDegraded)
        {
            changed["SubscriptionState"] = SubscriptionEntry.Enabled;
        }

        if (changed["SubscriptionState"] != stored["SubscriptionState"])
        {
            changed["TimeOfLastStateChange"] = new CimDateTime(now);
        }

        Computed(changed);
        return changed;
    }

    // These are told from the state of the service and not stored.
    private static void Computed(CimInstance subscription)
    {
        foreach (string name in (string[])["SubscriptionTimeRemaining", "LastIndicationIdentifier", "LastIndicationProductionDateTime", "OtherSubscriptionState"])
        {
            subscription[name] = CimValue.Null;
        }
    }

    private static CimInstance Named(CimInstance given, string systemName)
    {
        CimInstance instance = given.Clone();
        void Default(string name, string value) => instance[name] = instance[name].AsString() is { Length: > 0 } text ? text : value;
        Default("SystemCreationClassName", SystemClass);
        Default("SystemName", systemName);
        Default("CreationClassName", instance.ClassName);
        Default("Name", "CimHost:" + Guid.NewGuid().ToString("D"));
        if (!string.Equals(instance["CreationClassName"].AsString(), instance.ClassName, StringComparison.OrdinalIgnoreCase))
        {
            throw CimException.InvalidParameter($"CreationClassName is '{instance["CreationClassName"]}'; the class of the instance is {instance.ClassName}.");
        }

        foreach (CimProperty property in instance.CimInstanceProperties)
        {
            int most = property.Name == "Query" ? 16 * 1024 : MaxText;
            if (property.CimValue.AsString() is { } text && text.Length > most)
            {
                throw CimException.InvalidParameter($"{instance.ClassName}.{property.Name} has {text.Length} characters; at most {most} are allowed.");
            }
        }

        return instance;
    }

    // A password goes over TLS or stays on this computer.
    private static void RequireCredentials(CimInstance destination, Uri uri)
    {
        string? user = destination["username"].AsString(), password = destination["password"].AsString();
        if (!string.IsNullOrEmpty(password) && string.IsNullOrEmpty(user))
        {
            throw CimException.InvalidParameter("The destination has a password and no username.");
        }

        if (user?.Contains(':', StringComparison.Ordinal) == true || user?.Any(char.IsControl) == true || password?.Any(char.IsControl) == true)
        {
            throw CimException.InvalidParameter("The username has a colon, or username or password a control character, which HTTP Basic authentication cannot carry.");
        }

        if (!string.IsNullOrEmpty(user) && uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
        {
            throw CimException.InvalidParameter("A user name and a password are sent over https:// only (or to this computer itself).");
        }
    }
}
