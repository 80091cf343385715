namespace CimHost.VmKernel.Users.Files;

/// <summary>Where the account files lie: passwd, group, shadow, roles, permissions.</summary>
public interface IAccountFiles
{
    /// <summary>The content of a file; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    ReadOnlyMemory<byte>? Read(string name);

    /// <summary>Replaces files, all of them or none; they are durable when this returns.</summary>
    /// <exception cref="IOException">They cannot be written; the old ones stay.</exception>
    ValueTask WriteAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> changed, CancellationToken cancellationToken);
}
