using CimHost.Configuration;

namespace CimHost.Hosting;

/// <summary>Takes a changed configuration over while the host runs, as far as that is possible: what is under Dispatch, Security, Snmp and Alerts.</summary>
/// <param name="options">The configuration in force.</param>
/// <param name="configurationFile">The file that the command line names; null for cimhost.json if there is one.</param>
/// <param name="settings">Settings of the command line.</param>
internal sealed class ConfigurationReload(CimHostOptions options, string? configurationFile, IReadOnlyList<string> settings) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Called after a configuration was taken over.</summary>
    public event Action? Applied;

    /// <summary>Full path of the configuration file, which need not exist.</summary>
    public string FilePath { get; } = Path.GetFullPath(configurationFile ?? "cimhost.json");

    /// <summary>Reads the configuration again.</summary>
    /// <exception cref="ConfigurationException">It is wrong; the one in force stays.</exception>
    public void Apply() => Take(ConfigurationLoader.Load(configurationFile, settings));

    /// <summary>Puts another content in place of the file, once it was read without fault, and applies it.</summary>
    /// <exception cref="ConfigurationException">The content is wrong; the file stays as it was.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task ReplaceAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        string temporary = FilePath + ".new";
        try
        {
            await WriteAsync(temporary, content, cancellationToken);
            CimHostOptions now = ConfigurationLoader.Load(temporary, settings);
            File.Move(temporary, FilePath, overwrite: true);
            Take(now);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException(e.Message.Replace(temporary, FilePath, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(temporary);
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Whoever could not read the old file cannot read the new one; a file that was not there is its owner's alone.
    private async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(FilePath) ? File.GetUnixFileMode(FilePath) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var stream = new FileStream(path, options);
        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    private void Take(CimHostOptions now)
    {
        options.Dispatch.CopyFrom(now.Dispatch);
        options.Security.CopyFrom(now.Security);
        options.Snmp = now.Snmp;
        options.Alerts.CopyFrom(now.Alerts);
        Applied?.Invoke();
    }
}
