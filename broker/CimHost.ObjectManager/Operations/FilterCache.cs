using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Operations;

/// <summary>A client's filter over instances of several classes, prepared once per class.</summary>
internal sealed class FilterCache
{
    private readonly CimInstanceOptions _options;
    private readonly Dictionary<CimClass, InstanceFilter?> _filters = [];

    /// <summary>Prepares the filter of the options; one that is wrong is refused before there is an instance to try it on.</summary>
    public FilterCache(CimInstanceOptions options)
    {
        InstanceFilter.Check(options.FilterLanguage, options.Filter);
        _options = options;
    }

    /// <summary>True when there is no filter or the instance passes it.</summary>
    public bool Matches(CimInstance instance)
    {
        if (_options.Filter is null)
        {
            return true;
        }

        if (!_filters.TryGetValue(instance.CimClass, out InstanceFilter? filter))
        {
            _filters[instance.CimClass] = filter = InstanceFilter.Create(_options.FilterLanguage, _options.Filter, instance.CimClass);
        }

        return filter!.Matches(instance);
    }
}
