using System.Reflection;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>An object manager without a class: every enumeration fails as it does where the package that brings the class is not there.</summary>
public class NoClasses : DispatchProxy
{
    /// <summary>Makes one.</summary>
    public static ICimOperations Make() => Create<ICimOperations, NoClasses>();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(ICimOperations.EnumerateInstancesAsync)
        ? Refuse((string)args![1]!)
        : throw new NotSupportedException(targetMethod.Name);

    private static async IAsyncEnumerable<CimInstance> Refuse(string className)
    {
        await Task.Yield();
        if (className.Length > 0)
        {
            throw new CimException(CimStatusCode.InvalidClass, $"There is no class {className}.");
        }

        yield break;
    }
}
