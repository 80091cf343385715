namespace CimHost.VmKernel.Worlds;

/// <summary>Finds programs: applets of the host and programs that packages bring.</summary>
public interface IProgramSource
{
    /// <summary>The program of a file that runs as an in-process world.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The program; null when there is none that runs in the host.</returns>
    IProgram? Find(string path);

    /// <summary>The program of a file that runs as a process world; asked when <see cref="Find"/> has none.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The program; null when the file is no program at all.</returns>
    ValueTask<ProcessProgram?> FindProcessAsync(string path) => default;
}
