using CimHost.TestBed;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>Descriptions of SMBIOS tables: those of the fixtures and of the sample machines.</summary>
internal static class DmiFixtures
{
    /// <summary>Folder of the fixtures.</summary>
    public static string Folder => RepositoryRoot.PathOf("tests/fixtures/dmi");

    /// <summary>All descriptions.</summary>
    public static IEnumerable<string> All =>
        Directory.EnumerateDirectories(Folder).Select(d => Path.Combine(d, "dmi.txt"))
            .Concat(Directory.EnumerateDirectories(RepositoryRoot.PathOf("samples/machines")).Select(d => Path.Combine(d, "firmware", "dmi.txt")))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal);
}
