using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Interop;

/// <summary>
/// The object manager's description of itself in <c>root/interop</c> (DSP1033, DSP0207): itself, its namespaces, how it is reached, and
/// which managed elements conform to which registered profile. Namespaces are created and deleted through CIM_Namespace.
/// </summary>
public sealed class InteropProvider : ICimProvider, ICimCreateInstance, ICimDeleteInstance
{
    private const string SystemClass = "CimHost_HostSystem";
    private readonly CimObjectManager _manager;
    private readonly ObjectManagerDescription _description;

    /// <summary>Creates the provider.</summary>
    public InteropProvider(CimObjectManager manager, ObjectManagerDescription description)
    {
        _manager = manager;
        _description = description;
    }

    /// <summary>Classes that it serves.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
    [
        "CIM_Namespace", "CIM_ObjectManager", "CIM_CIMXMLCommunicationMechanism", "CIM_NamespaceInManager", "CIM_CommMechanismForManager",
        "CIM_ElementConformsToProfile", "CimHost_HostSystem", "CIM_HostedService", "CIM_HostedAccessPoint",
    ];

    private CimObjectPath System => new(SystemClass, [new("CreationClassName", SystemClass), new("Name", _description.SystemName)], CimSchema.Interop);

    private CimObjectPath Manager => new(
        "CIM_ObjectManager",
        [
            new("SystemCreationClassName", SystemClass), new("SystemName", _description.SystemName),
            new("CreationClassName", "CIM_ObjectManager"), new("Name", _description.ManagerName),
        ],
        CimSchema.Interop);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.CimClass.ClassName == "CIM_ElementConformsToProfile")
        {
            await foreach (CimInstance link in ConformanceAsync(request, cancellationToken))
            {
                yield return link;
            }

            yield break;
        }

        IEnumerable<CimInstance> instances = request.CimClass.ClassName switch
        {
            "CIM_Namespace" => _manager.Repository.Schema.Namespaces.Select(n => Namespace(request, n)),
            "CIM_ObjectManager" => [ObjectManager(request)],
            "CIM_CIMXMLCommunicationMechanism" => _description.CimXmlAddresses.Select(a => Mechanism(request, a)),
            "CIM_NamespaceInManager" => _manager.Repository.Schema.Namespaces.Select(n => Link(request, Manager, NamespacePath(n))),
            "CIM_CommMechanismForManager" => _description.CimXmlAddresses.Select(a => Link(request, Manager, MechanismPath(a))),
            "CIM_HostedService" => [Link(request, System, Manager)],
            "CIM_HostedAccessPoint" => _description.CimXmlAddresses.Select(a => Link(request, System, MechanismPath(a))),
            _ => [HostSystem(request)],
        };
        foreach (CimInstance instance in instances)
        {
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimObjectPath> CreateAsync(CimProviderRequest request, CimInstance instance, CancellationToken cancellationToken)
    {
        string name = RequireNamespace(request, instance["Name"].AsString());
        await _manager.Repository.CreateNamespaceAsync(name, cancellationToken);
        return NamespacePath(CimSchema.NormalizeNamespace(name));
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken) =>
        _manager.Repository.DeleteNamespaceAsync(RequireNamespace(request, path["Name"].AsString()), cancellationToken);

    private static string RequireNamespace(CimProviderRequest request, string? name) => request.CimClass.ClassName != "CIM_Namespace"
        ? throw CimException.NotSupported($"Instances of {request.CimClass.ClassName} describe the host and cannot be created or deleted by clients.")
        : string.IsNullOrEmpty(name) ? throw CimException.InvalidParameter("CIM_Namespace.Name says which namespace to create; it has no value.") : name;

    private CimObjectPath NamespacePath(string name) => new(
        "CIM_Namespace",
        [
            new("SystemCreationClassName", SystemClass), new("SystemName", _description.SystemName),
            new("ObjectManagerCreationClassName", "CIM_ObjectManager"), new("ObjectManagerName", _description.ManagerName),
            new("CreationClassName", "CIM_Namespace"), new("Name", name),
        ],
        CimSchema.Interop);

    private CimObjectPath MechanismPath(Uri address) => new(
        "CIM_CIMXMLCommunicationMechanism",
        [
            new("SystemCreationClassName", SystemClass), new("SystemName", _description.SystemName),
            new("CreationClassName", "CIM_CIMXMLCommunicationMechanism"), new("Name", $"{address.Scheme}:{address.Authority}"),
        ],
        CimSchema.Interop);

    private CimInstance Namespace(CimProviderRequest request, string name)
    {
        CimInstance instance = WithKeys(request, NamespacePath(name));
        instance["ElementName"] = name;
        instance["Caption"] = "CIM namespace " + name;
        instance["ClassInfo"] = (ushort)0;
        instance["DescriptionOfClassInfo"] = "Classes of the DMTF CIM Schema 2.49 and of provider packages";
        return instance;
    }

    private CimInstance ObjectManager(CimProviderRequest request)
    {
        CimInstance instance = WithKeys(request, Manager);
        instance["ElementName"] = "CimHost";
        instance["Caption"] = "CimHost CIM object manager";
        instance["Description"] = $"CimHost CIM object manager, version {_description.Version}";
        instance["Started"] = true;
        instance["GatherStatisticalData"] = false;
        instance["EnabledState"] = (ushort)2;
        instance["RequestedState"] = (ushort)12;
        instance["HealthState"] = (ushort)5;
        instance["OperationalStatus"] = new ushort[] { 2 };
        return instance;
    }

    private CimInstance Mechanism(CimProviderRequest request, Uri address)
    {
        CimInstance instance = WithKeys(request, MechanismPath(address));
        instance["ElementName"] = $"CIM-XML over {address.Scheme.ToUpperInvariant()} on {address.Authority}";
        instance["CommunicationMechanism"] = (ushort)2;
        instance["CIMXMLProtocolVersion"] = (ushort)1;

        // The highest that the value map of CIM 2.49 knows; the operations are those of DSP0200 1.4.
        instance["Version"] = "1.2";
        instance["Caption"] = address.ToString();
        instance["CIMValidated"] = false;
        instance["AuthenticationMechanismsSupported"] = new ushort[] { 3 };

        // Basic read and write, schema, instances, associations, queries, qualifiers, indications, pulled read and its count.
        instance["FunctionalProfilesSupported"] = new ushort[] { 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
        instance["MultipleOperationsSupported"] = true;
        instance["AdvertiseTypes"] = new ushort[] { 2 };
        instance["EnabledState"] = (ushort)2;
        instance["HealthState"] = (ushort)5;
        instance["OperationalStatus"] = new ushort[] { 2 };
        return instance;
    }

    private CimInstance HostSystem(CimProviderRequest request)
    {
        CimInstance instance = WithKeys(request, System);
        instance["ElementName"] = _description.SystemName;
        instance["NameFormat"] = "Other";
        instance["Dedicated"] = new ushort[] { 0 };
        instance["EnabledState"] = (ushort)2;
        instance["HealthState"] = (ushort)5;
        instance["OperationalStatus"] = new ushort[] { 2 };
        return instance;
    }

    private static CimInstance WithKeys(CimProviderRequest request, CimObjectPath path)
    {
        CimInstance instance = request.NewInstance();
        foreach (CimKeyBinding key in path.Keys)
        {
            instance[key.Name] = key.Value;
        }

        return instance;
    }

    // The two references of an association in the order in which its class declares them.
    private static CimInstance Link(CimProviderRequest request, CimObjectPath first, CimObjectPath second)
    {
        CimInstance link = request.NewInstance();
        int[] references = [.. Enumerable.Range(0, link.Count).Where(i => request.CimClass.CimClassProperties[i].ReferenceClassName is not null)];
        link[references[0]] = first;
        link[references[1]] = second;
        return link;
    }

    // A profile's central class is written in its registration (CimHost_RegisteredProfile.CentralClass); its instances conform to it.
    private async IAsyncEnumerable<CimInstance> ConformanceAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ICimOperations cim = _manager.For(Dispatch.CimCaller.Host);
        CimException? error = null;
        await foreach (CimInstance profile in cim.EnumerateInstancesAsync(CimSchema.Interop, "CIM_RegisteredProfile", CimInstanceOptions.Full, cancellationToken))
        {
            if (!profile.TryGetValue("CentralClass", out CimValue central) || central.AsString() is not { } className || profile.Path is not { } path)
            {
                continue;
            }

            string ns = className.Contains(':', StringComparison.Ordinal) ? className.Split(':')[0] : "root/cimv2";
            List<CimObjectPath> elements = [];
            try
            {
                elements = await cim.EnumerateInstanceNamesAsync(ns, className.Split(':')[^1], cancellationToken).ToListAsync(cancellationToken);
            }
            catch (CimException e)
            {
                error ??= e;
            }

            foreach (CimObjectPath element in elements)
            {
                CimInstance link = request.NewInstance();
                link["ConformantStandard"] = path;
                link["ManagedElement"] = element;
                yield return link;
            }
        }

        if (error is not null)
        {
            throw new CimException(error.Status, error.Message, error);
        }
    }
}
