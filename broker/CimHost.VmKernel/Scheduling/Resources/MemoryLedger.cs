namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// The books of memory. Each group holds for itself the larger of its reservation and of what is used and held inside it; what groups
/// hold may not pass the limit of the group above, so that a reservation stays available to its owner while others fill the host.
/// </summary>
internal sealed class MemoryLedger
{
    private readonly Lock _gate = new();
    private readonly HashSet<MemoryAccount> _accounts = [];

    /// <summary>Opens an account.</summary>
    public void Open(MemoryAccount account)
    {
        lock (_gate)
        {
            _accounts.Add(account);
        }
    }

    /// <summary>Takes back all that was charged and closes the account.</summary>
    public void Close(MemoryAccount account)
    {
        lock (_gate)
        {
            _accounts.Remove(account);
            Uncharge(account, long.MaxValue);
        }
    }

    /// <summary>Open accounts by the number of the world.</summary>
    public Dictionary<int, MemoryAccount> Accounts()
    {
        lock (_gate)
        {
            var byWorld = new Dictionary<int, MemoryAccount>(_accounts.Count);
            foreach (MemoryAccount account in _accounts)
            {
                byWorld[account.WorldId] = account;
            }

            return byWorld;
        }
    }

    /// <summary>Charges memory to an account and the groups above it.</summary>
    /// <exception cref="KernelException">ENOMEM a limit would be passed, ESRCH the account is closed.</exception>
    public void Charge(MemoryAccount account, long bytes)
    {
        lock (_gate)
        {
            // Asked under the gate, so that nothing is charged after closing took everything back.
            if (account.IsClosed)
            {
                throw new KernelException(Errno.ESRCH, $"world {account.WorldId} ({account.Name}) has ended and gets no memory.");
            }

            if (account.ConsumedField + bytes > account.Limit)
            {
                throw Refuse(account, bytes, "its own limit", account.Limit, account.Limit - account.ConsumedField);
            }

            if (Full(account.Group, bytes) is { } full)
            {
                throw Refuse(account, bytes, full.Path, full.Memory.Limit, full.Memory.Limit - full.MemoryInside);
            }

            account.ConsumedField += bytes;
            account.PeakField = Math.Max(account.PeakField, account.ConsumedField);
            Move(account.Group, bytes);
            Count(account.Group, bytes);
        }
    }

    /// <summary>Takes back at most what was charged; the amount that was taken back.</summary>
    public long Uncharge(MemoryAccount account, long bytes)
    {
        lock (_gate)
        {
            long back = Math.Min(bytes, account.ConsumedField);
            account.ConsumedField -= back;
            Move(account.Group, -back);
            Count(account.Group, -back);
            return back;
        }
    }

    /// <summary>Changes what a group holds in reserve; its allocation still carries the old reservation.</summary>
    /// <exception cref="KernelException">ENOMEM: others use it already.</exception>
    public void Reserve(ResourceGroup group, long reservation)
    {
        lock (_gate)
        {
            long change = Math.Max(reservation, group.MemoryInside) - Held(group, group.MemoryInside);
            if (group.Parent is not { } parent || change == 0)
            {
                return;
            }

            if (change > 0 && Full(parent, change) is { } full)
            {
                long left = Math.Max(0, full.Memory.Limit - full.MemoryInside);
                throw new KernelException(
                    Errno.ENOMEM, $"{group.Path} asks to reserve {reservation} bytes of memory; {full.Path} has {left} bytes left, the others are in use or reserved.");
            }

            Move(parent, change);
        }
    }

    private static long Held(ResourceGroup group, long inside) => Math.Max(group.Memory.Reservation, inside);

    // The first group whose limit would be passed.
    private static ResourceGroup? Full(ResourceGroup from, long change)
    {
        for (ResourceGroup? group = from; group is not null && change > 0; group = group.Parent)
        {
            long inside = group.MemoryInside + change;
            if (inside > group.Memory.Limit)
            {
                return group;
            }

            change = Held(group, inside) - Held(group, group.MemoryInside);
        }

        return null;
    }

    private static void Move(ResourceGroup from, long change)
    {
        for (ResourceGroup? group = from; group is not null && change != 0; group = group.Parent)
        {
            long before = Held(group, group.MemoryInside);
            group.MemoryInside += change;
            change = Held(group, group.MemoryInside) - before;
        }
    }

    private static void Count(ResourceGroup from, long change)
    {
        for (ResourceGroup? group = from; group is not null; group = group.Parent)
        {
            long now = Interlocked.Add(ref group.MemoryConsumedField, change);
            if (now > group.MemoryPeakField)
            {
                Interlocked.Exchange(ref group.MemoryPeakField, now);
            }
        }
    }

    private static KernelException Refuse(MemoryAccount account, long bytes, string where, long limit, long left)
    {
        account.RefusedField++;
        return new(
            Errno.ENOMEM,
            $"world {account.WorldId} ({account.Name}) in {account.Group.Path} asks for {bytes} bytes of memory; {where} has {Math.Max(0, left)} of {limit} bytes left.");
    }
}
