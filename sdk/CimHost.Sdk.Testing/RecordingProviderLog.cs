using System.Collections.Concurrent;
using CimHost.Sdk.Providers;

namespace CimHost.Sdk.Testing;

/// <summary>A log that keeps its messages, each with its level in front ("Warning: …").</summary>
public sealed class RecordingProviderLog : IProviderLog
{
    private readonly ConcurrentQueue<string> _messages = new();

    /// <summary>What was logged so far, oldest first.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <inheritdoc/>
    public void Debug(string message) => _messages.Enqueue("Debug: " + message);

    /// <inheritdoc/>
    public void Information(string message) => _messages.Enqueue("Information: " + message);

    /// <inheritdoc/>
    public void Warning(string message, Exception? exception = null) => _messages.Enqueue("Warning: " + message);

    /// <inheritdoc/>
    public void Error(string message, Exception? exception = null) => _messages.Enqueue("Error: " + message);
}
