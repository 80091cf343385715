using CimHost.Sdk.Providers;

namespace CimHost.Hosting;

/// <summary>A package's log on the host's.</summary>
internal sealed partial class ProviderLog(ILogger logger) : IProviderLog
{
    public void Debug(string message) => LogDebug(logger, message);

    public void Information(string message) => LogInformation(logger, message);

    public void Warning(string message, Exception? exception = null) => LogWarning(logger, message, exception);

    public void Error(string message, Exception? exception = null) => LogError(logger, message, exception);

    [LoggerMessage(3001, LogLevel.Debug, "{Message}")]
    private static partial void LogDebug(ILogger logger, string message);

    [LoggerMessage(3002, LogLevel.Information, "{Message}")]
    private static partial void LogInformation(ILogger logger, string message);

    [LoggerMessage(3003, LogLevel.Warning, "{Message}")]
    private static partial void LogWarning(ILogger logger, string message, Exception? exception);

    [LoggerMessage(3004, LogLevel.Error, "{Message}")]
    private static partial void LogError(ILogger logger, string message, Exception? exception);
}
