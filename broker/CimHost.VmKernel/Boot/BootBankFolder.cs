using System.Buffers;
using System.Collections.Immutable;
using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.Boot.State;

namespace CimHost.VmKernel.Boot;

/// <summary>The files of one bank.</summary>
internal sealed class BootBankFolder(int number, string path)
{
    private readonly DurableDirectory _directory = new(path);

    public int Number { get; } = number;

    public string FullPath => _directory.FullPath;

    /// <summary>Whether nothing was ever written here but what a break in the very first write leaves behind.</summary>
    public bool IsFresh =>
        !Directory.Exists(FullPath)
        || Directory.EnumerateFileSystemEntries(FullPath).All(entry => entry.EndsWith(DurableDirectory.TemporarySuffix, StringComparison.Ordinal));

    public void Create() => _directory.Create();

    /// <summary>Looks at the bank; with modules, at each of its archives from beginning to end.</summary>
    public BootBank Inspect(bool withModules)
    {
        BootConfiguration? configuration = Read(out ImmutableArray<string> problems);
        if (configuration is null)
        {
            return new BootBank(Number, FullPath, null, problems);
        }

        string file = Path.Combine(FullPath, BootBanks.ConfigurationFileName);
        var found = ImmutableArray.CreateBuilder<string>();
        if (configuration.Updated <= 0)
        {
            found.Add($"{file}: updated is {configuration.Updated}; a bank without an image has 0, one with an image more");
        }

        if (configuration.Build.Length == 0)
        {
            found.Add($"{file}: build is empty");
        }

        if (configuration.State == BootState.Invalid)
        {
            found.Add($"{file}: bootstate is 3 (invalid): the image failed to reach ready twice, or an administrator turned away from it");
        }

        if (withModules)
        {
            found.AddRange(configuration.Modules.Select(name => new ModuleArchive(_directory.Of(name)).Verify()).OfType<string>());
        }

        return new BootBank(Number, FullPath, configuration, found.ToImmutable());
    }

    public void Write(BootConfiguration configuration)
    {
        var bytes = new ArrayBufferWriter<byte>();
        configuration.Write(bytes);
        _directory.Write(BootBanks.ConfigurationFileName, stream => stream.Write(bytes.WrittenSpan));
    }

    /// <summary>Takes over the saved state of the other bank with the one before it; what this bank has saved long ago goes.</summary>
    public void CopyStateFrom(BootBankFolder other)
    {
        foreach (string name in new[] { StateArchive.PreviousFileName, StateArchive.FileName })
        {
            if (File.Exists(other._directory.Of(name)))
            {
                Copy(name, other._directory.Of(name));
            }
            else
            {
                _directory.Delete(name);
            }
        }
    }

    /// <summary>Copies a file into the bank.</summary>
    public void Copy(string name, string source)
    {
        using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        _directory.Write(name, from.CopyTo);
    }

    /// <summary>Deletes the files that no image uses any more; the state and boot.cfg stay.</summary>
    public void DeleteAllBut(IReadOnlySet<string> modules)
    {
        foreach (string file in Directory.EnumerateFiles(FullPath))
        {
            string name = Path.GetFileName(file);
            if (name != BootBanks.ConfigurationFileName && !name.StartsWith(StateArchive.FileName, StringComparison.Ordinal) && !modules.Contains(name))
            {
                _directory.Delete(name);
            }
        }

        _directory.Synchronize();
    }

    private BootConfiguration? Read(out ImmutableArray<string> problems)
    {
        string file = _directory.Of(BootBanks.ConfigurationFileName);
        try
        {
            // One byte more than is allowed shows that the file is too large, whatever it grows to.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] data = new byte[BootConfiguration.MaxBytes + 1];
            int length = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
            BootConfiguration.TryRead(data.AsSpan(0, length), out BootConfiguration? configuration, out ImmutableArray<BootConfigurationError> errors);
            problems = [.. errors.Select(error => $"{file}: {error}")];
            return configuration;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems = [$"{file} is missing"];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems = [$"{file} cannot be read: {e.Message}"];
        }

        return null;
    }
}
