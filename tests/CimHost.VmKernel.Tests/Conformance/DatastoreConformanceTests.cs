using Xunit;
using Xunit.Sdk;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>The suite on a datastore, with what a datastore does not promise.</summary>
public sealed class DatastoreConformanceTests : PosixFilesConformance
{
    private const string NoSetId = "Set-ID bits are not kept on a datastore: they would mean something to the Linux that it lies on.";
    private const string ByPath = "A directory of a datastore is known by its path: one that is renamed or removed while it is open is ENOENT.";

    private static readonly (string Part, string Why)[] s_differences =
    [
        ("chmod /a 7777", NoSetId),
        ("file /a '' 4711", NoSetId),
        ("chmod /a 6755", NoSetId),
        ("chmod /a 2755", NoSetId),
        ("mkdir /d; open f /d r; rmdir /d", ByPath),
        ("mkdir /d; mkdir /e; open f /e r; rename /d /e", ByPath),
        ("chdir /d/e; rename /d /x", ByPath),
        ("chdir /d; rmdir /d", ByPath),
    ];

    internal override IPosixFiles Create() => DatastorePosixFiles.Create();

    protected override async Task RunAsync(string script)
    {
        if (s_differences.Any(d => script.Contains(d.Part, StringComparison.Ordinal)))
        {
            // A difference that is none any more does not stay in the list.
            await Assert.ThrowsAnyAsync<XunitException>(() => base.RunAsync(script));
            return;
        }

        await base.RunAsync(script);
    }
}
