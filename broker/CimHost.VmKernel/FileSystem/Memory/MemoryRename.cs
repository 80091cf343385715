namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>rename() within one in-memory file system (POSIX.1-2017 rename()), under the lock of its name space.</summary>
internal static class MemoryRename
{
    /// <summary>Checks and renames.</summary>
    /// <returns>Names that there are less: 1 when a file was replaced, else 0.</returns>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, EINVAL, EACCES, EPERM, EBUSY.</exception>
    public static int Apply(in RenameRequest rename, Credentials caller)
    {
        var (oldParent, newParent) = ((MemoryDirectory)rename.OldDirectory, (MemoryDirectory)rename.NewDirectory);
        if (!oldParent.TryFind(rename.OldName, out MemoryInode? source))
        {
            throw FileErrors.Of(Errno.ENOENT, rename.OldName);
        }

        newParent.TryFind(rename.NewName, out MemoryInode? target);
        if (source is not MemoryDirectory && (rename.OldNeedsDirectory || rename.NewNeedsDirectory))
        {
            throw FileErrors.Of(Errno.ENOTDIR, rename.OldNeedsDirectory ? rename.OldName : rename.NewName);
        }

        DemandNoLoop(source, target, oldParent, newParent, rename);
        if (source == target)
        {
            // Two names of one file: POSIX says that nothing happens.
            return 0;
        }

        DemandRights(source, target, oldParent, newParent, rename, caller);
        DemandKinds(source, target, rename);
        Move(source, target, oldParent, newParent, rename);
        return target is null ? 0 : 1;
    }

    // A directory cannot be moved below itself, and what holds the source cannot be replaced by it.
    private static void DemandNoLoop(MemoryInode source, MemoryInode? target, MemoryDirectory oldParent, MemoryDirectory newParent, in RenameRequest rename)
    {
        if (source is MemoryDirectory moved && IsAtOrBelow(newParent, moved))
        {
            throw FileErrors.Of(Errno.EINVAL, rename.NewName);
        }

        if (target is MemoryDirectory replaced && IsAtOrBelow(oldParent, replaced))
        {
            throw FileErrors.Of(Errno.ENOTEMPTY, rename.NewName);
        }
    }

    private static bool IsAtOrBelow(MemoryDirectory directory, MemoryDirectory above)
    {
        MemoryDirectory at = directory;
        while (at != above)
        {
            if (at.Parent == at)
            {
                return false;
            }

            at = at.Parent;
        }

        return true;
    }

    private static void DemandRights(
        MemoryInode source, MemoryInode? target, MemoryDirectory oldParent, MemoryDirectory newParent, in RenameRequest rename, Credentials caller)
    {
        const AccessRights change = AccessRights.Write | AccessRights.Execute;
        FileOwnership from = oldParent.Ownership;
        from.Demand(caller, change, rename.OldName);
        from.DemandSticky(caller, source.Ownership.UserId, rename.OldName);
        FileOwnership to = newParent.Ownership;
        to.Demand(caller, change, rename.NewName);
        if (target is not null)
        {
            to.DemandSticky(caller, target.Ownership.UserId, rename.NewName);
        }
        else if (newParent.IsRemoved)
        {
            throw FileErrors.Of(Errno.ENOENT, rename.NewName);
        }

        // The directory's own ".." changes.
        if (source is MemoryDirectory && oldParent != newParent)
        {
            source.Ownership.Demand(caller, AccessRights.Write, rename.OldName);
        }
    }

    private static void DemandKinds(MemoryInode source, MemoryInode? target, in RenameRequest rename)
    {
        if (target is not null && source is MemoryDirectory != target is MemoryDirectory)
        {
            throw FileErrors.Of(target is MemoryDirectory ? Errno.EISDIR : Errno.ENOTDIR, rename.NewName);
        }

        if (source.Covering is not null || target?.Covering is not null)
        {
            throw FileErrors.Of(Errno.EBUSY, source.Covering is not null ? rename.OldName : rename.NewName);
        }

        if (target is MemoryDirectory { Count: > 0 })
        {
            throw FileErrors.Of(Errno.ENOTEMPTY, rename.NewName);
        }
    }

    // The new name first: a file that is looked for under both names is found under one at least.
    private static void Move(MemoryInode source, MemoryInode? target, MemoryDirectory oldParent, MemoryDirectory newParent, in RenameRequest rename)
    {
        newParent.Set(rename.NewName, source);
        oldParent.Remove(rename.OldName);
        if (source is MemoryDirectory moved)
        {
            moved.MoveTo(newParent);
            oldParent.RemoveSubdirectory();
            newParent.AddSubdirectory();
        }

        if (target is MemoryDirectory)
        {
            newParent.RemoveSubdirectory();
        }

        target?.RemoveLink();
    }
}
