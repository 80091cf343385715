using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Operations;

/// <summary>Cuts instances down to the properties asked for. The shape of each class is made once per request.</summary>
internal sealed class InstanceShaper
{
    private readonly IReadOnlyList<string>? _propertyList;
    private readonly CimClass? _only;
    private CimClass? _lastClass;
    private CimClass? _lastShape;

    /// <summary>Creates a shaper; <paramref name="requested"/> is the class whose properties alone count without deep inheritance.</summary>
    public InstanceShaper(CimInstanceOptions options, CimClass? requested = null)
    {
        _propertyList = options.PropertyList;
        _only = options.DeepInheritance ? null : requested;
    }

    /// <summary>True when nothing is cut.</summary>
    public bool IsIdentity => _propertyList is null && _only is null;

    /// <summary>The instance with the properties asked for; the instance itself when these are all.</summary>
    public CimInstance Shape(CimInstance instance)
    {
        if (IsIdentity)
        {
            return instance;
        }

        if (!ReferenceEquals(_lastClass, instance.CimClass))
        {
            _lastClass = instance.CimClass;
            _lastShape = MakeShape(instance.CimClass);
        }

        return instance.Project(_lastShape!);
    }

    private CimClass MakeShape(CimClass cimClass)
    {
        if (_only is null || ReferenceEquals(_only, cimClass))
        {
            return cimClass.Project(_propertyList);
        }

        return cimClass.WithProperties(cimClass.CimClassProperties.Where(p =>
            _only.CimClassProperties.Contains(p.Name) && (_propertyList is null || _propertyList.Contains(p.Name, StringComparer.OrdinalIgnoreCase))));
    }
}
