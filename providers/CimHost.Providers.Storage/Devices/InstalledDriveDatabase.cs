using System.Composition;
using System.Text;
using CimHost.Providers.Storage.Wire.Ata;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Devices;

/// <summary>The drive database of smartmontools where it is installed; read once, with the first ATA disk.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class InstalledDriveDatabase(IProviderHost host)
{
    private const int LargestFile = 8 * 1024 * 1024;
    private readonly Lazy<DriveDatabase> _database = new(() => Load(host));

    /// <summary>The database; without entries when none is installed.</summary>
    public DriveDatabase Database => _database.Value;

    private static DriveDatabase Load(IProviderHost host)
    {
        foreach (string path in StorageOptions.Read(host.Configuration).DriveDatabases)
        {
            try
            {
                var file = new FileInfo(path);
                if (!file.Exists)
                {
                    continue;
                }

                if (file.Length > LargestFile)
                {
                    host.Log.Warning($"{path} is not read as drive database: it has {file.Length} bytes, at most {LargestFile} are allowed.");
                    continue;
                }

                DriveDatabase database = DriveDatabase.Read(File.ReadAllText(path, Encoding.Latin1));
                host.Log.Information($"{path}: {database.Count} kinds of drives are known.");
                return database;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                host.Log.Warning($"{path} is not read as drive database: {e.Message}");
            }
        }

        return DriveDatabase.Empty;
    }
}
