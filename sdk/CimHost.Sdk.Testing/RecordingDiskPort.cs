using CimHost.Sdk.Hardware;

namespace CimHost.Sdk.Testing;

/// <summary>Passes commands on to another port and records what it answers.</summary>
public sealed class RecordingDiskPort(IDiskPort inner) : IDiskPort
{
    private readonly Lock _lock = new();

    /// <summary>What was answered so far.</summary>
    public DiskRecording Recording { get; } = new(inner.Name, inner.Protocol, inner.Location);

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public DiskProtocol Protocol => inner.Protocol;

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public async ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        ScsiResponse response = await inner.ScsiAsync(command, cancellationToken);
        Note(DiskRecording.KeyOf(command), new RecordedAnswer(response.Status, response.Sense.ToArray(), response.Data.ToArray()));
        return response;
    }

    /// <inheritdoc/>
    public async ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        NvmeAdminResponse response = await inner.NvmeAdminAsync(command, cancellationToken);
        Note(DiskRecording.KeyOf(command), new RecordedAnswer(response.Status, [], response.Data.ToArray()));
        return response;
    }

    private void Note(string key, RecordedAnswer answer)
    {
        lock (_lock)
        {
            Recording.Answers[key] = answer;
        }
    }
}
