using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>Checks what a provider told before anybody else sees it, and freezes it.</summary>
internal static class ProvidedInstance
{
    /// <summary>The instance in the shape of the class asked for.</summary>
    /// <exception cref="CimException">CIM_ERR_FAILED: it is of another class, has a key without a value, or a value of a wrong type.</exception>
    public static CimInstance Accept(CimInstance? instance, CimProviderRequest request, string provider)
    {
        CimClass cimClass = request.CimClass;
        if (instance is null || !string.Equals(instance.ClassName, cimClass.ClassName, StringComparison.OrdinalIgnoreCase))
        {
            throw CimException.Failed($"{provider} told {(instance is null ? "nothing" : "an instance of " + instance.ClassName)} when it was asked for {cimClass.ClassName}.");
        }

        if (!ReferenceEquals(instance.CimClass, cimClass) || instance.Namespace != request.Namespace)
        {
            instance = Reshape(instance, request, provider);
        }

        if (instance.Path is null && cimClass.KeyIndexes.Count > 0)
        {
            string key = cimClass.CimClassProperties[cimClass.KeyIndexes.First(i => instance[i].IsNull)].Name;
            throw CimException.Failed($"{provider} told an instance of {cimClass.ClassName} whose key {key} has no value.");
        }

        return instance.Freeze();
    }

    private static CimInstance Reshape(CimInstance instance, CimProviderRequest request, string provider)
    {
        CimInstance shaped = request.NewInstance();
        try
        {
            foreach (CimProperty property in instance.CimInstanceProperties)
            {
                shaped[property.Name] = property.CimValue;
            }
        }
        catch (CimException e)
        {
            throw CimException.Failed($"{provider} told an instance that does not fit its class: {e.Message}", e);
        }

        return shaped;
    }
}
