namespace CimHost.VmKernel.Worlds;

/// <summary>What a world does at the moment.</summary>
public enum WorldState
{
    /// <summary>Made, not started.</summary>
    New,

    /// <summary>Has work to do and waits for a processor.</summary>
    Ready,

    /// <summary>One of its threads runs on a processor. A process world is also shown so: the host's kernel knows more.</summary>
    Running,

    /// <summary>All its threads wait.</summary>
    Blocked,

    /// <summary>Halted by SIGSTOP until SIGCONT.</summary>
    Stopped,

    /// <summary>Ended; its parent has not asked for its status yet.</summary>
    Zombie,
}
