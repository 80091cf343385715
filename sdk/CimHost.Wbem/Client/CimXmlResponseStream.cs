using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Client;

/// <summary>The answer to one operation, read while it arrives.</summary>
internal sealed class CimXmlResponseStream : IAsyncDisposable
{
    private const int InitialBuffer = 64 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly CimConnection _connection;
    private readonly CimSessionOptions _options;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationToken _cancellationToken;
    private byte[] _buffer = new byte[InitialBuffer];
    private Stream? _stream;
    private int _start;
    private int _end;
    private long _total;
    private bool _isFinal;

    /// <summary>Takes over an answer whose head has arrived, and the deadline that every further piece renews.</summary>
    public CimXmlResponseStream(HttpResponseMessage response, CimConnection connection, CimSessionOptions options, CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        _response = response;
        _connection = connection;
        _options = options;
        _deadline = deadline;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Return value and output parameters, complete once <see cref="ReadAsync"/> has given null.</summary>
    public CimXmlResponseParser Parser { get; } = new();

    /// <summary>The next object of the answer; null when it is complete.</summary>
    /// <exception cref="CimException">The server answered with an error, possibly after objects.</exception>
    /// <exception cref="CimSessionException">The connection broke, or the answer is no CIM-XML.</exception>
    public async ValueTask<object?> ReadAsync()
    {
        while (true)
        {
            try
            {
                object? item = Parser.Read(_buffer.AsSpan(_start, _end - _start), _isFinal, out int consumed);
                _start += consumed;
                if (item is not null)
                {
                    return item;
                }
            }
            catch (CimXmlResponseException e)
            {
                throw TrailerError() ?? (Exception)new CimSessionException(CimSessionFailure.InvalidAnswer, $"{_connection.Name}: {e.Message}", e);
            }

            if (_isFinal)
            {
                return TrailerError() is { } error ? throw error : null;
            }

            await FillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _response.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask FillAsync()
    {
        MakeRoom();
        try
        {
            _stream ??= await _response.Content.ReadAsStreamAsync(_deadline.Token);
            int read = await _stream.ReadAsync(_buffer.AsMemory(_end), _deadline.Token);
            _deadline.CancelAfter(_options.Timeout);
            _isFinal = read == 0;
            _end += read;
            _total += read;
        }
        catch (Exception e) when (_connection.Translate(e, _cancellationToken) is { } failure)
        {
            throw failure;
        }

        if (_total > _options.MaxAnswerBytes)
        {
            throw new CimSessionException(CimSessionFailure.InvalidAnswer, $"The answer of {_connection.Name} is larger than {_options.MaxAnswerBytes} bytes; ask for less, or raise the limit.");
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length >= _options.MaxObjectBytes)
        {
            throw new CimSessionException(CimSessionFailure.InvalidAnswer, $"An object in the answer of {_connection.Name} is larger than {_options.MaxObjectBytes} bytes.");
        }

        Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, Math.Max(_options.MaxObjectBytes, InitialBuffer)));
    }

    // A server that fails in the middle of a chunked answer says so behind it (DSP0200 §7.3.4).
    private CimException? TrailerError()
    {
        HttpResponseMessage response = _response;
        string? code = Trailer(response, "CIMStatusCode");
        return code is null ? null : CimXmlResponseParser.Error(code.Trim(), Uri.UnescapeDataString(Trailer(response, "CIMStatusCodeDescription") ?? string.Empty));
    }

    private static string? Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;
}
