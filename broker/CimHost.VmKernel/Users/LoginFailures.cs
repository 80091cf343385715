namespace CimHost.VmKernel.Users;

/// <summary>
/// Counts wrong passwords of existing users, and so has no more entries than there are users. Counts are kept in memory; a lock-out
/// itself is written down by who asks here (<see cref="LockedOut"/>), so that a restart does not end it.
/// </summary>
internal sealed class LoginFailures(TimeProvider time, SecurityOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private volatile bool _isEmpty = true;

    /// <summary>Who is locked out now, and until when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> LockedOut
    {
        get
        {
            lock (_lock)
            {
                return _entries.Keys.ToArray().Select(name => (Name: name, Entry: Find(name))).Where(e => e.Entry is not null && IsLocked(e.Entry))
                    .ToDictionary(e => e.Name, e => e.Entry!.Last + UnlockTime, StringComparer.Ordinal);
            }
        }
    }

    private TimeSpan UnlockTime => TimeSpan.FromSeconds(options.AccountUnlockTime);

    /// <summary>Takes over a lock-out of an earlier run; one that is over counts for nothing, and none lasts longer than one of now.</summary>
    public void Restore(string name, DateTimeOffset until)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (until > now)
            {
                DateTimeOffset last = until - now > UnlockTime ? now : until - UnlockTime;
                _entries[name] = new Entry(int.MaxValue, last);
                _isEmpty = false;
            }
        }
    }

    /// <summary>Whether a user is locked out now.</summary>
    public bool IsLocked(string name)
    {
        if (_isEmpty)
        {
            return false;
        }

        lock (_lock)
        {
            return Find(name) is { } entry && IsLocked(entry);
        }
    }

    /// <summary>A wrong password.</summary>
    /// <returns>True when this one locked the user out.</returns>
    public bool Fail(string name)
    {
        lock (_lock)
        {
            Entry entry = Find(name) ?? new Entry(0, default);
            if (options.AccountLockFailures == 0 || IsLocked(entry))
            {
                return false;
            }

            entry = new Entry(entry.Count + 1, time.GetUtcNow());
            _entries[name] = entry;
            _isEmpty = false;
            return IsLocked(entry);
        }
    }

    /// <summary>A right password: forgets the wrong ones before it, unless the user is locked out.</summary>
    /// <returns>False when the user is locked out.</returns>
    public bool TrySucceed(string name)
    {
        if (_isEmpty)
        {
            return true;
        }

        lock (_lock)
        {
            return (Find(name) is not { } entry || !IsLocked(entry)) && Remove(name);
        }
    }

    /// <summary>Forgets a user's wrong passwords.</summary>
    /// <returns>True when the user was locked out.</returns>
    public bool Forget(string name)
    {
        lock (_lock)
        {
            bool wasLocked = Find(name) is { } entry && IsLocked(entry);
            Remove(name);
            return wasLocked;
        }
    }

    private bool Remove(string name)
    {
        _entries.Remove(name);
        _isEmpty = _entries.Count == 0;
        return true;
    }

    private bool IsLocked(Entry entry) => options.AccountLockFailures > 0 && entry.Count >= options.AccountLockFailures;

    // What is older than the time of a lock-out no longer counts, locked out or not.
    private Entry? Find(string name)
    {
        if (!_entries.TryGetValue(name, out Entry? entry))
        {
            return null;
        }

        if (time.GetUtcNow() - entry.Last < UnlockTime)
        {
            return entry;
        }

        Remove(name);
        return null;
    }

    private sealed record Entry(int Count, DateTimeOffset Last);
}
