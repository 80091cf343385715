using CimHost.VmKernel.FileSystem.Host;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>The calls on a tree of the host whose root is a directory of Linux.</summary>
internal sealed class DatastorePosixFiles : VfsPosixFiles
{
    private readonly string _directory;
    private readonly HostFileSystem _fileSystem;

    private DatastorePosixFiles(string directory, HostFileSystem fileSystem)
        : base(fileSystem)
    {
        _directory = directory;
        _fileSystem = fileSystem;
    }

    public static DatastorePosixFiles Create()
    {
        string directory = Directory.CreateTempSubdirectory("cimhost-posix-").FullName;
        LinuxFileCalls.ChangeMode(LinuxFileCalls.WorkingDirectory, directory, 0x1FF, directory);
        return new DatastorePosixFiles(directory, new HostFileSystem(directory));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _fileSystem.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
