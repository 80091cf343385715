using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace HelloProvider;

/// <summary>
/// Tells the instances of Sample_Greeting and carries out its method. EnumerateAsync is all that a provider must have: the host makes
/// GetInstance, queries, pull operations and property lists of it. ICimMethods is one of the optional interfaces beside it.
/// </summary>
[CimProvider("Sample_Greeting")]
[method: ImportingConstructor]
public sealed class GreetingProvider(IProviderHost host) : ICimProvider, ICimMethods
{
    private const uint Completed = 0;
    private const uint InvalidParameter = 4;

    private static readonly (string Language, string Text)[] s_greetings = [("de", "Guten Tag"), ("en", "Good day"), ("fr", "Bonjour")];

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach ((string language, string text) in s_greetings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CimInstance instance = request.NewInstance();
            instance["Language"] = language;
            instance["Text"] = text;
            instance["AskedAt"] = host.Time.GetUtcNow();
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public ValueTask<CimMethodResult> InvokeAsync(CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        string? language = target["Language"].AsString();
        (string _, string? text) = s_greetings.FirstOrDefault(g => g.Language == language);
        if (text is null)
        {
            throw CimException.NotFound(target);
        }

        string? name = parameters["Name"]?.Value.AsString();
        if (string.IsNullOrWhiteSpace(name))
        {
            return ValueTask.FromResult(new CimMethodResult(InvalidParameter));
        }

        var greeting = new CimMethodParameter("Greeting", CimType.String, $"{text}, {name}!");
        return ValueTask.FromResult(new CimMethodResult(Completed, new CimNamedList<CimMethodParameter>([greeting])));
    }
}
