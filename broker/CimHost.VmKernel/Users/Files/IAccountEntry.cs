namespace CimHost.VmKernel.Users.Files;

/// <summary>A line of an account file: fields that are separated by colons.</summary>
internal interface IAccountEntry<TSelf>
    where TSelf : class, IAccountEntry<TSelf>
{
    /// <summary>What the line is about: a user or a group. Unique in its file.</summary>
    string Name { get; }

    /// <summary>Reads a line; null with a message when it is none of this kind.</summary>
    static abstract TSelf? Read(string line, out string error);

    /// <summary>The line, without its end.</summary>
    string ToLine();
}
