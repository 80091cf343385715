namespace CimHost.VmKernel.Users.Files;

/// <summary>What is wrong with an account file.</summary>
/// <param name="Line">Number of the line, from 1; 0 when it is about the file as a whole.</param>
/// <param name="Message">What is wrong and what is expected; never a password or a hash.</param>
internal readonly record struct AccountFileError(int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"line {Line}: {Message}" : Message;
}
