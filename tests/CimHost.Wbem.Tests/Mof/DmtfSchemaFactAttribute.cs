using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>A test that needs the whole DMTF schema; without it the test is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DmtfSchemaFactAttribute : FactAttribute
{
    /// <summary>Skips the test when the schema is not found.</summary>
    public DmtfSchemaFactAttribute() => Skip = Zip is null
        ? "The DMTF CIM schema 2.49 is not there: put cim_schema_2.49.0Final-MOFs.zip into a folder shared/schema beside the repository or above it."
        : null;

    /// <summary>The DMTF's archive; null when it is not there.</summary>
    public static string? Zip { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "schema", "cim_schema_2.49.0Final-MOFs.zip");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
