using CimHost.TestBed;

namespace CimHost.Guest;

/// <summary>Whether this run writes what it captures as cases of tests/fixtures: <c>CIMHOST_UPDATE_FIXTURES=1</c>.</summary>
internal static class FixtureUpdate
{
    /// <summary>True when cases are to be written.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable("CIMHOST_UPDATE_FIXTURES") == "1";

    /// <summary>Makes the folder of a case and returns its path.</summary>
    /// <param name="kind">Folder of tests/fixtures.</param>
    /// <param name="name">What was captured; <c>guest-</c> comes before it.</param>
    public static string Folder(string kind, string name) =>
        Directory.CreateDirectory(RepositoryRoot.PathOf($"tests/fixtures/{kind}/guest-{name.ToLowerInvariant().Replace(' ', '-').Replace('_', '-')}")).FullName;
}
