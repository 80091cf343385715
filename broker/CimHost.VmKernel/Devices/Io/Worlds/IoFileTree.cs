using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>The kernel's files as one world sees them. Reads are requests to the device; looking at names is not.</summary>
internal sealed class IoFileTree(IFileTree tree, FileScope scope, IoPath path, WorldLane lane) : IFileTree
{
    private readonly Read _read = new(tree);

    public bool DirectoryExists(string path) => scope.Locate(tree, path) is { } place && tree.DirectoryExists(place);

    public bool FileExists(string path) => scope.Locate(tree, path) is { } place && tree.FileExists(place);

    public IReadOnlyList<string> List(string path) => scope.Locate(tree, path) is { } place ? tree.List(place) : [];

    public string? Resolve(string path) => scope.Locate(tree, path) is { } place ? tree.Resolve(place) : null;

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return scope.Locate(tree, path) is { } place ? Submit(place, cancellationToken) : ValueTask.FromResult<byte[]?>(null);
    }

    private ValueTask<byte[]?> Submit(string place, CancellationToken cancellationToken) => path.SubmitAsync(lane, _read, place, cancellationToken);

    // Reading an attribute can have effects in a driver (a register that is cleared by it): none is read twice by itself.
    private sealed class Read(IFileTree tree) : IoOperation<string, byte[]?>
    {
        public override ValueTask<byte[]?> IssueAsync(string request, CancellationToken abort) => tree.ReadAsync(request, abort);

        public override long CountBytes(in string request, in byte[]? response) => response?.Length ?? 0;
    }
}
