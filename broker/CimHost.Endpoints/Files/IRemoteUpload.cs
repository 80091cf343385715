namespace CimHost.Endpoints.Files;

/// <summary>
/// A file that is being written. Disposed before <see cref="CompleteAsync"/> it leaves the old file as it was; what was received of an
/// upload of known size is kept for a while, so that it can be gone on with.
/// </summary>
public interface IRemoteUpload : IAsyncDisposable
{
    /// <summary>Bytes received so far, from earlier requests too.</summary>
    long Received { get; }

    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="RemoteFileException">507: no space left; 413: more than a file of this kind may have.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Puts the file in place of the old one in one step, and lets it take effect where it is configuration.</summary>
    /// <returns>True when there was no such file before.</returns>
    /// <exception cref="RemoteFileException">422: the content is no valid file of its kind; the old one stays.</exception>
    ValueTask<bool> CompleteAsync(CancellationToken cancellationToken);
}
