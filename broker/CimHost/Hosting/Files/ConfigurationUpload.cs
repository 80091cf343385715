using CimHost.Configuration;
using CimHost.Endpoints.Files;

namespace CimHost.Hosting.Files;

/// <summary>A new configuration file: small, so it is taken whole, checked, and only then put in place.</summary>
internal sealed class ConfigurationUpload(ConfigurationReload configuration) : IRemoteUpload
{
    private const int MaxBytes = 1 << 20;

    private readonly MemoryStream _content = new();

    /// <inheritdoc/>
    public long Received => _content.Length;

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_content.Length + bytes.Length > MaxBytes)
        {
            throw new RemoteFileException(StatusCodes.Status413PayloadTooLarge, $"A configuration file has at most {MaxBytes} bytes.");
        }

        _content.Write(bytes.Span);
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        bool created = !File.Exists(configuration.FilePath);
        try
        {
            await configuration.ReplaceAsync(_content.GetBuffer().AsMemory(0, (int)_content.Length), cancellationToken);
            return created;
        }
        catch (ConfigurationException e)
        {
            throw new RemoteFileException(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RemoteFileException(StatusCodes.Status507InsufficientStorage, $"The configuration file cannot be written: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _content.Dispose();
        return default;
    }
}
