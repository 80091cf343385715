using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>The kernel's files as one world sees them. Reads are requests to the device; looking at names is not.</summary>
internal sealed class IoFileTree(IFileTree tree, FileScope scope, IoPath io, WorldLane lane) : IFileTree
{
    private readonly Read _read = new(tree);
    private readonly ReadRange _readRange = new(tree);

    public bool DirectoryExists(string path) => scope.Sees(tree, path) && tree.DirectoryExists(path);

    public bool FileExists(string path) => scope.Sees(tree, path) && tree.FileExists(path);

    public IReadOnlyList<string> List(string path) => scope.Sees(tree, path) ? tree.List(path) : [];

    public string? Resolve(string path) => scope.Resolve(tree, path);

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return scope.Sees(tree, path) ? io.SubmitAsync(lane, _read, path, cancellationToken) : ValueTask.FromResult<byte[]?>(null);
    }

    public ValueTask<byte[]?> ReadRangeAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return scope.Sees(tree, path)
            ? io.SubmitAsync(lane, _readRange, new FileRange(path, offset, count), cancellationToken)
            : ValueTask.FromResult<byte[]?>(null);
    }

    // Reading an attribute can have effects in a driver (a register that is cleared by it): none is read twice by itself.
    private sealed class Read(IFileTree tree) : IoOperation<string, byte[]?>
    {
        public override ValueTask<byte[]?> IssueAsync(string request, CancellationToken abort) => tree.ReadAsync(request, abort);

        public override long CountBytes(in string request, in byte[]? response) => response?.Length ?? 0;
    }

    private readonly record struct FileRange(string Path, long Offset, int Count);

    private sealed class ReadRange(IFileTree tree) : IoOperation<FileRange, byte[]?>
    {
        public override ValueTask<byte[]?> IssueAsync(FileRange request, CancellationToken abort) => tree.ReadRangeAsync(request.Path, request.Offset, request.Count, abort);

        public override long CountBytes(in FileRange request, in byte[]? response) => response?.Length ?? 0;
    }
}
