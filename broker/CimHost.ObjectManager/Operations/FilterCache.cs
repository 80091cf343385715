using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Operations;

/// <summary>A client's filter over instances of several classes, prepared once per class.</summary>
internal sealed class FilterCache(CimInstanceOptions options)
{
    private readonly Dictionary<CimClass, InstanceFilter?> _filters = [];

    /// <summary>True when there is no filter or the instance passes it.</summary>
    public bool Matches(CimInstance instance)
    {
        if (options.Filter is null)
        {
            return true;
        }

        if (!_filters.TryGetValue(instance.CimClass, out InstanceFilter? filter))
        {
            _filters[instance.CimClass] = filter = InstanceFilter.Create(options.FilterLanguage, options.Filter, instance.CimClass);
        }

        return filter!.Matches(instance);
    }
}
