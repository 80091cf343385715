namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>One statement of a <see cref="ProcessScript"/>.</summary>
/// <param name="Number">Its place in the script, from 1.</param>
/// <param name="Words">Name of the statement and its arguments.</param>
/// <param name="Expected">What it is to answer; null: anything but an error.</param>
/// <param name="IsForbidden">It is not to return, as the process ends in it or before it.</param>
/// <param name="Block">What a child does.</param>
internal sealed record ProcessStatement(
    int Number, IReadOnlyList<string> Words, string? Expected, bool IsForbidden, IReadOnlyList<ProcessStatement> Block)
{
    public string Name => Words[0];

    public override string ToString() => string.Join(' ', Words);
}
