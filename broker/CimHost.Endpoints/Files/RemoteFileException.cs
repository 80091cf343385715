namespace CimHost.Endpoints.Files;

/// <summary>A request for a file that is refused: an HTTP status (RFC 9110 §15) and the reason, for a person.</summary>
/// <param name="statusCode">HTTP status, 400 or higher.</param>
/// <param name="message">What is wrong with which file, and what to do.</param>
public sealed class RemoteFileException(int statusCode, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int StatusCode { get; } = statusCode;
}
