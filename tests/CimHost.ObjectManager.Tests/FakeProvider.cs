using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Tests;

/// <summary>A provider whose behaviour a test writes in one function.</summary>
internal sealed class FakeProvider(Func<CimProviderRequest, CancellationToken, IAsyncEnumerable<CimInstance>> tell) : ICimProvider
{
    private int _runs;

    /// <summary>How often it was asked to enumerate.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>A provider that tells devices with these ids.</summary>
    public static FakeProvider Of(params string[] ids) => new((request, _) => ids.Select(id => Device(request, id)).ToAsyncEnumerable());

    /// <summary>A provider that tells devices and then waits until its token is cancelled.</summary>
    public static FakeProvider Hanging(params string[] ids) => new((request, token) => HangAsync(request, ids, token));

    /// <summary>A provider that tells devices and then throws.</summary>
    public static FakeProvider Failing(Func<Exception> error, params string[] ids) => new((request, _) => FailAsync(request, ids, error));

    public static CimInstance Device(CimProviderRequest request, string id)
    {
        CimInstance instance = request.NewInstance();
        instance["DeviceID"] = id;
        instance["ElementName"] = "device " + id;
        return instance;
    }

    public IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        return tell(request, cancellationToken);
    }

    private static async IAsyncEnumerable<CimInstance> HangAsync(CimProviderRequest request, string[] ids, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        foreach (string id in ids)
        {
            yield return Device(request, id);
        }

        await Task.Delay(Timeout.Infinite, token);
    }

    private static async IAsyncEnumerable<CimInstance> FailAsync(CimProviderRequest request, string[] ids, Func<Exception> error)
    {
        foreach (string id in ids)
        {
            yield return Device(request, id);
        }

        await Task.Yield();
        throw error();
    }
}

/// <summary>A provider that keeps its devices in memory and lets clients change them; it also carries out methods.</summary>
internal sealed class ChangeableProvider : ICimProvider, ICimGetInstance, ICimCreateInstance, ICimModifyInstance, ICimDeleteInstance, ICimMethods
{
    public Dictionary<string, CimInstance> Devices { get; } = [];

    public List<IReadOnlyList<string>> Modified { get; } = [];

    public Func<CimMethodDeclaration, CimObjectPath, CimNamedList<CimMethodParameter>, CimMethodResult>? Method { get; set; }

    public IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, CancellationToken cancellationToken) => Devices.Values.Select(d => d.Clone()).ToAsyncEnumerable();

    public ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Devices.GetValueOrDefault(path["DeviceID"].AsString()!)?.Clone());

    public ValueTask<CimObjectPath> CreateAsync(CimProviderRequest request, CimInstance instance, CancellationToken cancellationToken)
    {
        Devices[instance["DeviceID"].AsString()!] = instance;
        return ValueTask.FromResult(instance.Path!);
    }

    public ValueTask ModifyAsync(CimProviderRequest request, CimInstance instance, IReadOnlyList<string> properties, CancellationToken cancellationToken)
    {
        Modified.Add(properties);
        Devices[instance["DeviceID"].AsString()!] = instance;
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        Devices.Remove(path["DeviceID"].AsString()!);
        return ValueTask.CompletedTask;
    }

    public ValueTask<CimMethodResult> InvokeAsync(CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Method!(method, target, parameters));
}
