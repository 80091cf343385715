namespace CimHost.VmKernel.FileSystem;

/// <summary>What decides on access to a file: its permission bits, owner and group (POSIX.1-2017 §4.5).</summary>
/// <param name="Mode">Permission bits, 0 to 07777.</param>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
internal readonly record struct FileOwnership(int Mode, int UserId, int GroupId, bool IsDirectory)
{
    private const int AnyExecute = 0x49; // 0111
    private const int Sticky = 0x200; // 01000

    /// <summary>Whether all the rights are granted.</summary>
    public bool Allows(Credentials caller, AccessRights wanted)
    {
        if (caller.IsPrivileged)
        {
            return (wanted & AccessRights.Execute) == 0 || IsDirectory || (Mode & AnyExecute) != 0;
        }

        // Only the first class that fits counts: an owner without a right does not get it from the group.
        int shift = caller.UserId == UserId ? 6 : caller.IsMember(GroupId) ? 3 : 0;
        return ((Mode >> shift) & (int)wanted) == (int)wanted;
    }

    /// <summary>Whether the caller owns the file or has appropriate privileges.</summary>
    public bool IsOwner(Credentials caller) => caller.IsPrivileged || caller.UserId == UserId;

    /// <summary>Checks rights.</summary>
    /// <exception cref="KernelException">EACCES.</exception>
    public void Demand(Credentials caller, AccessRights wanted, string name)
    {
        if (!Allows(caller, wanted))
        {
            throw FileErrors.Of(Errno.EACCES, name);
        }
    }

    /// <summary>Checks that an entry may be taken out of this directory, as the sticky bit demands (POSIX.1-2017 unlink(): EPERM).</summary>
    /// <param name="caller">Who.</param>
    /// <param name="victimUserId">Owner of the file whose entry goes.</param>
    /// <param name="name">Name of the entry.</param>
    /// <exception cref="KernelException">EPERM.</exception>
    public void DemandSticky(Credentials caller, int victimUserId, string name)
    {
        if ((Mode & Sticky) != 0 && !caller.IsPrivileged && caller.UserId != UserId && caller.UserId != victimUserId)
        {
            throw FileErrors.Of(Errno.EPERM, name);
        }
    }
}
