using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Endpoints.Files;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Hosting.Files;

/// <summary>
/// What the file endpoint serves: /tmp and the datastores of the kernel's tree, and under /host the configuration file, which can be
/// replaced, and the log. Whether the caller may is asked of the authorizer, each time.
/// </summary>
internal sealed class HostFiles(Vfs files, Authorizer authorizer, ConfigurationReload configuration) : IRemoteFiles
{
    /// <summary>Where datastores are mounted.</summary>
    public const string Volumes = "/vmfs/volumes";

    private const string ConfigurationName = "cimhost.json";
    private const string Logs = "/var/log";

    private static readonly string[] s_logs = [Path.GetFileName(KernelLog.Path), Path.GetFileName(KernelLog.OlderPath)];

    private readonly VfsArea _area = new(files);

    /// <inheritdoc/>
    public ValueTask<RemoteFile?> FindAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken)
    {
        Demand(caller, path, isChange: false);
        return path switch
        {
            { Area: RemoteArea.Host } => FindInHostAsync(caller, path, cancellationToken),
            { Area: RemoteArea.Folder, Datastore: null } => _area.FindAsync(Volumes, [], cancellationToken),
            _ => _area.FindAsync(Root(path), path.Segments, cancellationToken),
        };
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RemoteFile> ListAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken)
    {
        Demand(caller, path, isChange: false);
        return path switch
        {
            { Area: RemoteArea.Host } => ListHostAsync(caller, path, cancellationToken),
            { Area: RemoteArea.Folder, Datastore: null } => ListDatastoresAsync(caller, cancellationToken),
            _ => _area.ListAsync(Root(path), path.Segments, cancellationToken),
        };
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken)
    {
        Demand(caller, path, isChange: false);
        return path.Area != RemoteArea.Host ? _area.ReadAsync(Root(path), path.Segments, cancellationToken)
            : IsConfiguration(path) ? ValueTask.FromResult<Stream>(new FileStream(configuration.FilePath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 4096, useAsync: true))
            : _area.ReadAsync(Logs, path.Segments, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IRemoteUpload> UploadAsync(CimCaller caller, RemotePath path, long? total, CancellationToken cancellationToken)
    {
        Demand(caller, path, isChange: true);
        if (path.Area != RemoteArea.Host)
        {
            return _area.UploadAsync(Root(path), path.Segments, total, cancellationToken);
        }

        if (!IsConfiguration(path))
        {
            throw new RemoteFileException(StatusCodes.Status403Forbidden, $"Under /host only {ConfigurationName} can be replaced.");
        }

        return total is null
            ? ValueTask.FromResult<IRemoteUpload>(new ConfigurationUpload(configuration))
            : throw new RemoteFileException(StatusCodes.Status400BadRequest, "A configuration file is sent whole, without Content-Range.");
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken)
    {
        Demand(caller, path, isChange: true);
        if (path.Area == RemoteArea.Host || path.Segments.Count == 0)
        {
            throw new RemoteFileException(StatusCodes.Status403Forbidden, "This is a part of the host and cannot be removed.");
        }

        RemoteFile file = await FindAsync(caller, path, cancellationToken) ?? throw new RemoteFileException(StatusCodes.Status404NotFound, "There is no such file.");
        await _area.DeleteAsync(Root(path), path.Segments, file.IsDirectory, cancellationToken);
    }

    private static string Root(RemotePath path) => path.Area == RemoteArea.Temporary ? "/tmp" : $"{Volumes}/{path.Datastore}";

    private static bool IsConfiguration(RemotePath path) => path is { Area: RemoteArea.Host, Segments: [ConfigurationName] };

    private void Demand(CimCaller caller, RemotePath path, bool isChange)
    {
        Privilege privilege = (path.Area, isChange) switch
        {
            (RemoteArea.Folder, false) => Privilege.DatastoreBrowse,
            (RemoteArea.Folder, true) => Privilege.DatastoreFileManagement,
            (_, false) => Privilege.FilesRead,
            (_, true) => Privilege.FilesWrite,
        };
        string area = path.Area switch { RemoteArea.Host => "/host", RemoteArea.Temporary => "/tmp", _ => "/folder" };
        string place = string.Concat(((IEnumerable<string>)(path.Datastore is null ? [] : [path.Datastore])).Concat(path.Segments).Select(s => "/" + s));
        Principal principal = ((PrincipalRights)caller.Rights).Principal;
        if (!authorizer.Allows(principal, privilege, ObjectPath.File(area + place)))
        {
            throw RemoteErrors.Forbidden();
        }
    }

    private async ValueTask<RemoteFile?> FindInHostAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken)
    {
        if (path.Segments.Count == 0)
        {
            return new RemoteFile(string.Empty, true, 0, DateTimeOffset.UnixEpoch, "host", false);
        }

        if (IsConfiguration(path))
        {
            var file = new FileInfo(configuration.FilePath);
            return !file.Exists ? null : new RemoteFile(
                ConfigurationName, false, file.Length, file.LastWriteTimeUtc, string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}"), true);
        }

        return path.Segments is [string name] && s_logs.Contains(name, StringComparer.Ordinal)
            ? await _area.FindAsync(Logs, path.Segments, cancellationToken) is { } log ? log with { IsWritable = false } : null
            : null;
    }

    private async IAsyncEnumerable<RemoteFile> ListHostAsync(CimCaller caller, RemotePath path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string name in (string[])[ConfigurationName, .. s_logs])
        {
            if (await FindInHostAsync(caller, path with { Segments = [name] }, cancellationToken) is { } file)
            {
                yield return file;
            }
        }
    }

    // Datastores are known by their labels; each caller sees those that it may browse.
    private async IAsyncEnumerable<RemoteFile> ListDatastoresAsync(CimCaller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Principal principal = ((PrincipalRights)caller.Rights).Principal;
        var directory = (VfsFile)await files.OpenAsync(FileCaller.Root, Volumes, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, cancellationToken: cancellationToken);
        try
        {
            var entries = new DirectoryEntry[64];
            for (int count; (count = await directory.ReadDirectoryAsync(entries, cancellationToken)) > 0;)
            {
                foreach (DirectoryEntry entry in entries.Take(count).Where(e => e.Type == FileType.SymbolicLink))
                {
                    if (authorizer.Allows(principal, Privilege.DatastoreBrowse, ObjectPath.File("/folder/" + entry.Name))
                        && await _area.FindAsync($"{Volumes}/{entry.Name}", [], cancellationToken) is { } root)
                    {
                        yield return root with { Name = entry.Name };
                    }
                }
            }
        }
        finally
        {
            await directory.ReleaseAsync();
        }
    }
}
