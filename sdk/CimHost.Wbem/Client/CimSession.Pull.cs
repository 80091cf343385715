using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Client;

/// <content>Pulled enumerations (DSP0200 §5.4.2.24–§5.4.2.30), and the operations of old where a server has none.</content>
public sealed partial class CimSession
{
    // Operations that the server said it does not have.
    private readonly HashSet<string> _unsupported = [];

    private sealed record PullOperation(string Open, string Pull, string Fallback, CimXmlParameter[] Parameters, CimXmlParameter[] FallbackParameters, bool IsFiltered);

    private async IAsyncEnumerable<T> PullAsync<T>(string namespaceName, PullOperation operation, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        CimXmlResponseStream? response = null;
        object? first = null;
        if (operation.IsFiltered || !IsUnsupported(operation.Open))
        {
            (response, first) = await OpenAsync(namespaceName, operation, cancellationToken);
        }

        if (response is null)
        {
            await foreach (T result in ReadAllAsync<T>(namespaceName, operation.Fallback, operation.FallbackParameters, cancellationToken))
            {
                yield return result;
            }

            yield break;
        }

        string? context = null;
        string name = operation.Open;
        object? next = first;
        bool isHandingOut = false;
        try
        {
            while (true)
            {
                for (; next is not null; next = await response.ReadAsync())
                {
                    isHandingOut = true;
                    yield return Expect<T>(name, next, namespaceName);
                    isHandingOut = false;
                }

                context = Continuation(response.Parser, name);
                await response.DisposeAsync();
                if (context is null)
                {
                    yield break;
                }

                name = operation.Pull;
                response = await CallAsync(namespaceName, name, [new("EnumerationContext", context), new("MaxObjectCount", _options.MaxObjectCount)], cancellationToken);
                next = await response.ReadAsync();
            }
        }
        finally
        {
            if (isHandingOut || (context is not null && cancellationToken.IsCancellationRequested))
            {
                await AbandonAsync(namespaceName, name, response, context);
            }

            await response.DisposeAsync();
        }
    }

    // The answer and its first object; no answer when the server has no pulled enumerations and may be asked otherwise.
    private async ValueTask<(CimXmlResponseStream? Response, object? First)> OpenAsync(string namespaceName, PullOperation operation, CancellationToken cancellationToken)
    {
        CimXmlResponseStream? response = null;
        try
        {
            response = await CallAsync(namespaceName, operation.Open, [.. operation.Parameters, new("MaxObjectCount", _options.MaxObjectCount)], cancellationToken);
            return (response, await response.ReadAsync());
        }
        catch (CimException e) when (!operation.IsFiltered && e.Status is CimStatusCode.NotSupported or CimStatusCode.Failed)
        {
            await DisposeAsync(response);

            // FAILED is no word on what the server can do; next time it is asked again.
            if (e.Status == CimStatusCode.NotSupported)
            {
                lock (_unsupported)
                {
                    _unsupported.Add(operation.Open);
                }
            }

            return (null, null);
        }
        catch
        {
            await DisposeAsync(response);
            throw;
        }
    }

    private bool IsUnsupported(string operation)
    {
        lock (_unsupported)
        {
            return _unsupported.Contains(operation);
        }
    }

    private static ValueTask DisposeAsync(CimXmlResponseStream? response) => response?.DisposeAsync() ?? ValueTask.CompletedTask;

    // The context to go on with; null at the end of the sequence.
    private string? Continuation(CimXmlResponseParser parser, string operation)
    {
        CimNamedList<CimMethodParameter> parameters = parser.OutParameters;
        CimValue ended = parameters["EndOfSequence"]?.Value ?? default;
        if (!ended.TryConvert(CimType.Boolean, out CimValue isEnd) || isEnd.IsNull)
        {
            throw new CimSessionException(CimSessionFailure.InvalidAnswer, $"{ComputerName} answered {operation} without EndOfSequence.");
        }

        if (isEnd.AsBoolean())
        {
            return null;
        }

        return parameters["EnumerationContext"]?.Value.AsString() is { Length: > 0 } context
            ? context
            : throw new CimSessionException(CimSessionFailure.InvalidAnswer, $"{ComputerName} answered {operation} without EnumerationContext although there is more.");
    }

    // The enumeration is left before its end. The context of the first portion stands behind its objects, so that these are read first.
    // Should the server not hear of it, it forgets the enumeration by itself after a while.
    private async ValueTask AbandonAsync(string namespaceName, string operation, CimXmlResponseStream response, string? context)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(5, _options.Timeout.TotalSeconds)));
        try
        {
            if (context is null)
            {
                while (await response.ReadAsync() is not null)
                {
                }

                context = Continuation(response.Parser, operation);
            }

            if (context is not null)
            {
                await RunAsync(namespaceName, "CloseEnumeration", [new("EnumerationContext", context)], limit.Token);
            }

            LastAbandonFailure = null;
        }
        catch (Exception e) when (e is CimException or CimSessionException or OperationCanceledException)
        {
            LastAbandonFailure = e.Message;
        }
    }

    /// <summary>Why the server did not hear that the last enumeration was left early; null when it did.</summary>
    internal string? LastAbandonFailure { get; private set; }
}
