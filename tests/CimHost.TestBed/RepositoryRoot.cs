namespace CimHost.TestBed;

/// <summary>Where the sources and what was built from them are, seen from a running test assembly.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder of CimHost.sln.</summary>
    public static string Folder { get; } = Find();

    /// <summary>Debug or Release: as the running test assembly (…/bin/CONFIGURATION/net10.0/).</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    /// <summary>The built host; built by the same <c>dotnet build</c> of the solution as the tests.</summary>
    public static string HostExecutable => Built("broker/CimHost", "cimhost");

    /// <summary>Where tests leave what a person may want to read afterwards. Not under version control.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Folder, "artifacts")).FullName;

    /// <summary>A file that building a project made.</summary>
    /// <exception cref="InvalidOperationException">It was not built in this configuration.</exception>
    public static string Built(string project, string file)
    {
        string path = Path.Combine(Folder, project, "bin", Configuration, "net10.0", file);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there. Build the solution first: dotnet build CimHost.sln -c {Configuration}");
    }

    /// <summary>A path below the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Folder, relative);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no CimHost.sln above {AppContext.BaseDirectory}.");
    }
}
