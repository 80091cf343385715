namespace CimHost.VmKernel.Users.Files;

/// <summary>Where the account files lie: passwd, group, shadow, roles, permissions.</summary>
public interface IAccountFiles
{
    /// <summary>The files of which changes are watched.</summary>
    static IReadOnlyList<string> Names { get; } = ["passwd", "group", "shadow", "roles", "permissions"];

    /// <summary>The content of a file; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    ReadOnlyMemory<byte>? Read(string name);

    /// <summary>
    /// Changes files, all that are given or none; they are durable and taken over (<see cref="Watch"/>) when this returns. One change comes
    /// after the other, whoever makes them.
    /// </summary>
    /// <param name="change">Gives the new contents by name; called while no other change is under way. What it throws ends the change.</param>
    /// <param name="cancellationToken">Ends the wait for the change before.</param>
    /// <exception cref="IOException">They cannot be written; the old ones stay.</exception>
    ValueTask ChangeAsync(Func<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> change, CancellationToken cancellationToken);

    /// <summary>Says who takes changes over, those that others make (a world in /etc) as well.</summary>
    /// <param name="watcher">
    /// Called before a change is kept, with what reads the files as they are to be; returns what puts them in force, which is called when
    /// they are durable. Throws <see cref="InvalidDataException"/> to refuse the change; then the files stay as they were.
    /// </param>
    void Watch(Func<Func<string, ReadOnlyMemory<byte>?>, Action> watcher);
}
