using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>The files of a world that sees none.</summary>
internal sealed class NoFiles : IFileTree
{
    public static NoFiles Instance { get; } = new();

    public bool DirectoryExists(string path) => false;

    public bool FileExists(string path) => false;

    public IReadOnlyList<string> List(string path) => [];

    public string? Resolve(string path) => null;

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => ValueTask.FromResult<byte[]?>(null);
}
