using CimHost.ObjectManager.Dispatch;

namespace CimHost.Endpoints.Files;

/// <summary>
/// The host's files as the file endpoint needs them. Whether the caller may do what is asked is decided here, by the one authorizer of the
/// host; every method throws <see cref="RemoteFileException"/> with the HTTP status when it is refused or impossible.
/// </summary>
public interface IRemoteFiles
{
    /// <summary>The file or directory; null when there is none and the caller may know it.</summary>
    ValueTask<RemoteFile?> FindAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken);

    /// <summary>The entries of a directory, ordered by name.</summary>
    IAsyncEnumerable<RemoteFile> ListAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken);

    /// <summary>The content, as a stream that can seek.</summary>
    ValueTask<Stream> OpenAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to write a file, beside the one that is there: nobody sees the new content before it is complete. With
    /// <paramref name="total"/> an upload of that size that broke off before is gone on with; without it starts anew.
    /// </summary>
    ValueTask<IRemoteUpload> UploadAsync(CimCaller caller, RemotePath path, long? total, CancellationToken cancellationToken);

    /// <summary>Removes a file or an empty directory.</summary>
    ValueTask DeleteAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken);
}
