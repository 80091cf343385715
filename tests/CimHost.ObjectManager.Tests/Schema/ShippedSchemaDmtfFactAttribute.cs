using Xunit;

namespace CimHost.ObjectManager.Tests.Schema;

/// <summary>A test that compares with the DMTF's CIM Schema 2.49, which is not part of this repository; without it the test is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShippedSchemaDmtfFactAttribute : FactAttribute
{
    /// <summary>Skips the test when the schema is not found.</summary>
    public ShippedSchemaDmtfFactAttribute()
    {
        if (ArchivePath is null)
        {
            Skip = "The DMTF CIM Schema 2.49 is not there: put its archive of MOF files (cim_schema_2.49.0Final-MOFs.zip) into a folder "
                + "shared/schema beside the repository, or beside one of the folders that it lies in.";
        }
    }

    /// <summary>The DMTF's archive of MOF files; null when it is not there.</summary>
    public static string? ArchivePath { get; } = FindArchive();

    private static string? FindArchive()
    {
        for (DirectoryInfo? folder = RepositoryRoot()?.Parent; folder is not null; folder = folder.Parent)
        {
            string schema = Path.Combine(folder.FullName, "shared", "schema");
            if (Directory.Exists(schema) && Directory.EnumerateFiles(schema, "*.zip").Order(StringComparer.Ordinal).FirstOrDefault() is { } archive)
            {
                return archive;
            }
        }

        return null;
    }

    private static DirectoryInfo? RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return folder;
    }
}
