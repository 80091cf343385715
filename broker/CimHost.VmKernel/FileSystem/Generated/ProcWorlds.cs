using System.Globalization;
using System.Text;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>
/// The directories of worlds under /proc, by world id. Of what Linux shows there (proc(5)): cmdline, comm, cwd, status, stat.
/// </summary>
/// <param name="table">The process table.</param>
public sealed class ProcWorlds(WorldTable table) : IProcDirectory
{
    /// <inheritdoc/>
    public ProcEntry? Find(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && table.Find(id) is { } world ? Entry(world) : null;

    /// <inheritdoc/>
    public IEnumerable<(long Key, string Name, ProcEntry Entry)> ListAfter(long key) =>
        table.Worlds.Where(w => w.Id > key).Select(w => ((long)w.Id, w.Id.ToString(CultureInfo.InvariantCulture), Entry(w)));

    private static ProcEntry Entry(World world)
    {
        var directory = new ProcDirectory();
        directory.Add("cmdline", ProcEntry.OfFile(() => string.Concat(world.Arguments.Select(a => a + "\0"))));
        directory.Add("comm", ProcEntry.OfFile(() => world.Name + "\n"));
        directory.Add("cwd", ProcEntry.OfLink(() => world.WorkingDirectory));
        directory.Add("status", ProcEntry.OfFile(() => Status(world)));
        directory.Add("stat", ProcEntry.OfFile(() => Stat(world)));
        return ProcEntry.OfDirectory(directory, userId: world.Credentials.UserId);
    }

    private static string Status(World world)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Name:\t{world.Name}\nState:\t{Letter(world.State)} ({world.State.ToString().ToLowerInvariant()})\n");
        text.Append(CultureInfo.InvariantCulture, $"Tgid:\t{world.Id}\nPid:\t{world.Id}\nPPid:\t{world.ParentId}\n");
        text.Append(CultureInfo.InvariantCulture, $"Uid:\t{world.Credentials.UserId}\nGid:\t{world.Credentials.GroupId}\nGroups:\t{string.Join(' ', world.Credentials.Groups)}\n");
        text.Append(CultureInfo.InvariantCulture, $"VmHWM:\t{world.PeakMemory / 1024} kB\nThreads:\t{world.ThreadCount}\nFDSize:\t{world.OpenFileCount}\n");
        text.Append(CultureInfo.InvariantCulture, $"ResourceGroup:\t{world.Group.Path}\n");
        return text.ToString();
    }

    // The first 17 fields of proc(5), "stat"; times in hundredths of a second, those of the kernel are not told apart.
    private static string Stat(World world)
    {
        long own = (long)(world.CpuTime.TotalSeconds * 100);
        long children = (long)(world.ChildrenCpuTime.TotalSeconds * 100);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{world.Id} ({world.Name}) {Letter(world.State)} {world.ParentId} {world.ProcessGroup} 0 0 0 0 0 0 0 0 {own} 0 {children} 0\n");
    }

    private static char Letter(WorldState state) => state switch
    {
        WorldState.Running or WorldState.Ready or WorldState.New => 'R',
        WorldState.Stopped => 'T',
        WorldState.Zombie => 'Z',
        _ => 'S',
    };
}
