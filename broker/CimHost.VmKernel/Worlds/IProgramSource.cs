namespace CimHost.VmKernel.Worlds;

/// <summary>Finds programs: applets of the host and programs that packages bring.</summary>
public interface IProgramSource
{
    /// <summary>The program of a file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>
    /// An <see cref="IProgram"/> of one's own that runs in the host's process, or a <see cref="ProcessProgram"/>; null when the file is no program.
    /// </returns>
    IProgram? Find(string path);
}
