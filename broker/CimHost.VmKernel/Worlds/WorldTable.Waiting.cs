namespace CimHost.VmKernel.Worlds;

/// <summary>waitpid().</summary>
public sealed partial class WorldTable
{
    private const WaitOptions KnownWaitOptions = WaitOptions.WNOHANG | WaitOptions.WUNTRACED | WaitOptions.WCONTINUED;

    /// <summary>waitpid() (POSIX.1-2017): positive one child, 0 own group, -1 any, below a group.</summary>
    /// <exception cref="KernelException">ECHILD, EINTR, EINVAL.</exception>
    internal ValueTask<WaitResult> WaitAsync(WorldThread caller, int id, WaitOptions options)
    {
        if ((options & ~KnownWaitOptions) != 0)
        {
            throw new KernelException(Errno.EINVAL, $"waitpid: unknown options {(int)(options & ~KnownWaitOptions)}.");
        }

        return caller.WaitAsync((Table: this, caller.World, Id: id, Options: options), static async (s, interrupt) =>
        {
            while (true)
            {
                Task change = s.World.ChildChanges.Next;
                if (s.Table.TryWait(s.World, s.Id, s.Options) is { } result)
                {
                    return result;
                }

                await change.WaitAsync(interrupt);
            }
        });
    }

    private WaitResult? TryWait(World parent, int id, WaitOptions options) => Change(effects =>
    {
        bool any = false;
        foreach (World child in parent.Children)
        {
            if (!IsMeant(parent, child, id))
            {
                continue;
            }

            any = true;
            if (child.IsZombie)
            {
                return Reap(parent, child);
            }

            if (TakeJobChange(child, options) is { } status)
            {
                return new WaitResult(child.Id, status, TimeSpan.Zero);
            }
        }

        return !any
            ? throw new KernelException(Errno.ECHILD, $"{parent} has no child that it could wait for.")
            : (options & WaitOptions.WNOHANG) != 0 ? new WaitResult(0, default, TimeSpan.Zero) : (WaitResult?)null;
    });

    private static bool IsMeant(World parent, World child, int id) => id switch
    {
        > 0 => child.Id == id,
        0 => child.ProcessGroup == parent.ProcessGroup,
        -1 => true,
        _ => child.ProcessGroup == -(long)id,
    };

    private static WaitStatus? TakeJobChange(World child, WaitOptions options)
    {
        if (child.IsEnding || child.JobChange is not { } change
            || (options & (change.IsStopped ? WaitOptions.WUNTRACED : WaitOptions.WCONTINUED)) == 0)
        {
            return null;
        }

        child.JobChange = null;
        return change;
    }

    private WaitResult Reap(World parent, World child)
    {
        Remove(child);
        TimeSpan used = child.CpuTime + child.ChildrenCpuTime;
        parent.ChildrenCpuTime += used;
        return new WaitResult(child.Id, child.ExitStatus!.Value, used);
    }
}
