using System.Reflection;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Providers.Platform.Tests;

/// <summary>An object manager of a test: classes with instances, and classes that fail. Everything but enumerating is not supported.</summary>
public class ScriptedOperations : DispatchProxy
{
    private readonly Dictionary<string, Func<IAsyncEnumerable<CimInstance>>> _classes = new(StringComparer.OrdinalIgnoreCase);
    private string[] _sensorClasses = [];

    /// <summary>Makes one with nothing in it.</summary>
    public static (ICimOperations Operations, ScriptedOperations Script) Make()
    {
        ICimOperations operations = Create<ICimOperations, ScriptedOperations>();
        return (operations, (ScriptedOperations)(object)operations);
    }

    /// <summary>Sets the instances of a class.</summary>
    public void Add(string className, params CimInstance[] instances) => _classes[className] = () => instances.ToAsyncEnumerable();

    /// <summary>Sets how a class is enumerated.</summary>
    public void Add(string className, Func<IAsyncEnumerable<CimInstance>> enumerate) => _classes[className] = enumerate;

    /// <summary>Sets the classes below CIM_Sensor.</summary>
    public void SetSensorClasses(params string[] names) => _sensorClasses = names;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ICimOperations.EnumerateInstancesAsync) => _classes.TryGetValue((string)args![1]!, out Func<IAsyncEnumerable<CimInstance>>? enumerate)
            ? enumerate()
            : Throwing((string)args[1]!),
        nameof(ICimOperations.EnumerateClassNamesAsync) => _sensorClasses.ToAsyncEnumerable(),
        var name => throw new NotSupportedException(name),
    };

    private static async IAsyncEnumerable<CimInstance> Throwing(string className)
    {
        await Task.Yield();
        if (className.Length > 0)
        {
            throw new CimException(CimStatusCode.InvalidClass, $"There is no class {className}.");
        }

        yield break;
    }
}
