using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Endpoints.Files;
using CimHost.ObjectManager.Dispatch;

namespace CimHost.Endpoints.Tests.Files;

/// <summary>Files in a dictionary, with the rule that callers who may not write cannot.</summary>
internal sealed class DictionaryFiles : IRemoteFiles
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Dictionary<string, MemoryStream> _parts = [];
    private int _version;

    public Dictionary<string, (byte[] Content, int Version)> Files { get; } = [];

    public int MaxSize { get; set; } = int.MaxValue;

    public void Add(string path, byte[] content) => Files[path] = (content, ++_version);

    public static string Key(RemotePath path) => $"{path.Area}:{path.Datastore}/{path.Text}";

    public ValueTask<RemoteFile?> FindAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken) => ValueTask.FromResult(
        Files.TryGetValue(Key(path), out (byte[] Content, int Version) file)
            ? Describe(path.Segments[^1], file)
            : path.Segments.Count == 0 || Files.Keys.Any(k => k.StartsWith(Key(path) + "/", StringComparison.Ordinal))
                ? new RemoteFile(path.Segments.Count == 0 ? string.Empty : path.Segments[^1], true, 0, s_epoch, "d", false)
                : null);

    public async IAsyncEnumerable<RemoteFile> ListAsync(CimCaller caller, RemotePath path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        string prefix = path.Segments.Count == 0 ? Key(path) : Key(path) + "/";
        foreach ((string key, (byte[] Content, int Version) file) in Files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            yield return Describe(key[prefix.Length..], file);
        }
    }

    public ValueTask<Stream> OpenAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(new MemoryStream(Files[Key(path)].Content, writable: false));

    public ValueTask<IRemoteUpload> UploadAsync(CimCaller caller, RemotePath path, long? total, CancellationToken cancellationToken)
    {
        if (caller.Rights != CimRights.All)
        {
            throw new RemoteFileException(403, "only administrators write");
        }

        string key = Key(path);
        if (total is null || !_parts.TryGetValue(key, out MemoryStream? part))
        {
            _parts[key] = part = new MemoryStream();
        }

        return ValueTask.FromResult<IRemoteUpload>(new Upload(this, key, part));
    }

    public ValueTask DeleteAsync(CimCaller caller, RemotePath path, CancellationToken cancellationToken)
    {
        if (caller.Rights != CimRights.All)
        {
            throw new RemoteFileException(403, "only administrators write");
        }

        Files.Remove(Key(path));
        return default;
    }

    private static RemoteFile Describe(string name, (byte[] Content, int Version) file) =>
        new(name, false, file.Content.Length, s_epoch, file.Version.ToString(CultureInfo.InvariantCulture), true);

    private sealed class Upload(DictionaryFiles files, string key, MemoryStream part) : IRemoteUpload
    {
        public long Received => part.Length;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (part.Length + bytes.Length > files.MaxSize)
            {
                throw new RemoteFileException(507, "no space is left");
            }

            part.Write(bytes.Span);
            return default;
        }

        public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken)
        {
            bool created = !files.Files.ContainsKey(key);
            files._parts.Remove(key);
            files.Add(key, part.ToArray());
            return ValueTask.FromResult(created);
        }

        public ValueTask DisposeAsync() => default;
    }
}
