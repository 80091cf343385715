using CimHost.Endpoints.Files;
using CimHost.VmKernel;
using CimHost.VmKernel.FileSystem;

namespace CimHost.Hosting.Files;

/// <summary>A file of the kernel that is being written, under a name of its own beside the one that it will have.</summary>
internal sealed class VfsUpload : IRemoteUpload
{
    /// <summary>How names of unfinished uploads begin; they are not listed.</summary>
    public const string Prefix = ".upload-";

    private readonly Vfs _files;
    private readonly VfsFile _directory;
    private readonly VfsFile _file;
    private readonly string _temporary;
    private readonly string _name;
    private readonly bool _isKept;
    private readonly Action _ended;
    private bool _isComplete;

    /// <summary>Takes over the open directory and file.</summary>
    /// <param name="files">The tree.</param>
    /// <param name="directory">Where the file will be.</param>
    /// <param name="file">What is written to.</param>
    /// <param name="temporary">Its name.</param>
    /// <param name="name">The name that it will have.</param>
    /// <param name="isKept">Whether it stays when it is not completed.</param>
    /// <param name="ended">Called once at the end.</param>
    public VfsUpload(Vfs files, VfsFile directory, VfsFile file, string temporary, string name, bool isKept, Action ended)
    {
        (_files, _directory, _file, _temporary, _name, _isKept, _ended) = (files, directory, file, temporary, name, isKept, ended);
        Received = file.Status.Size;
    }

    /// <inheritdoc/>
    public long Received { get; private set; }

    private FileCaller Here => new(Credentials.Root, _directory);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int written = await _file.WriteAtAsync(bytes, Received, cancellationToken);
                Received += written;
                bytes = bytes[written..];
            }
        }
        catch (KernelException e)
        {
            throw RemoteErrors.Of(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _file.SyncAsync(cancellationToken);
            bool created = !Exists();
            await _files.RenameAsync(Here, _temporary, _name, cancellationToken);
            _isComplete = true;
            return created;
        }
        catch (KernelException e)
        {
            throw RemoteErrors.Of(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _file.ReleaseAsync();
            if (!_isComplete && !_isKept)
            {
                await _files.UnlinkAsync(Here, _temporary);
            }
        }
        catch (KernelException)
        {
            // The directory went away meanwhile, and the unfinished file with it.
        }
        finally
        {
            _directory.Release();
            _ended();
        }
    }

    private bool Exists()
    {
        try
        {
            _files.LinkStat(Here, _name);
            return true;
        }
        catch (KernelException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
    }
}
