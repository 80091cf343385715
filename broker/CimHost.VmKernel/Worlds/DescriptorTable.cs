using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.Worlds;

/// <summary>Open files of one world by number (POSIX.1-2017 §2.14). Each entry holds one reference of its <see cref="OpenFile"/>.</summary>
internal sealed class DescriptorTable
{
    private readonly Lock _lock = new();
    private Entry[] _entries = new Entry[8];
    private bool _closed;

    public DescriptorTable(int limit) => Limit = limit;

    /// <summary>One more than the highest number that may be given out.</summary>
    public int Limit { get; set; }

    /// <summary>Number of open descriptors.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count(static e => e.File is not null);
            }
        }
    }

    /// <summary>The file of a descriptor with a reference of its own, which the caller releases.</summary>
    /// <exception cref="KernelException">EBADF.</exception>
    public OpenFile Acquire(int descriptor)
    {
        lock (_lock)
        {
            OpenFile file = Find(descriptor);
            file.AddReference();
            return file;
        }
    }

    /// <summary>As <see cref="Acquire"/>; null when the descriptor is not open.</summary>
    public OpenFile? TryAcquire(int descriptor)
    {
        lock (_lock)
        {
            OpenFile? file = (uint)descriptor < (uint)_entries.Length ? _entries[descriptor].File : null;
            file?.AddReference();
            return file;
        }
    }

    /// <summary>Gives the lowest free number to a file, whose reference the table takes over; on failure the reference is released.</summary>
    /// <exception cref="KernelException">EMFILE.</exception>
    public int Add(OpenFile file, bool closeOnExec, int lowest = 0)
    {
        lock (_lock)
        {
            int free = LowestFree(lowest);
            if (!_closed && free < Limit)
            {
                Put(free, new Entry(file, closeOnExec));
                return free;
            }
        }

        file.Release();
        throw _closed ? WorldEnded() : new KernelException(Errno.EMFILE, $"All {Limit} descriptors of the world are open.");
    }

    /// <summary>A second number for the same file.</summary>
    /// <exception cref="KernelException">EBADF, EMFILE, EINVAL the lowest number is outside the limit.</exception>
    public int Duplicate(int descriptor, int lowest, bool closeOnExec)
    {
        lock (_lock)
        {
            OpenFile file = Find(descriptor);
            if (lowest < 0 || lowest >= Limit)
            {
                throw new KernelException(Errno.EINVAL, $"Descriptor {lowest} is outside the limit {Limit}.");
            }

            int free = LowestFree(lowest);
            if (free >= Limit)
            {
                throw new KernelException(Errno.EMFILE, $"All {Limit} descriptors of the world are open.");
            }

            file.AddReference();
            Put(free, new Entry(file, closeOnExec));
            return free;
        }
    }

    /// <summary>dup2: makes a given number refer to the file, closing what was there.</summary>
    /// <exception cref="KernelException">EBADF: the first is not open, or the second is outside the limit.</exception>
    public int DuplicateTo(int descriptor, int target)
    {
        OpenFile? old;
        lock (_lock)
        {
            OpenFile file = Find(descriptor);
            if (target < 0 || target >= Limit)
            {
                throw new KernelException(Errno.EBADF, $"Descriptor {target} is outside the limit {Limit}.");
            }

            if (target == descriptor)
            {
                return target;
            }

            file.AddReference();
            old = target < _entries.Length ? _entries[target].File : null;
            Put(target, new Entry(file, false));
        }

        old?.Release();
        return target;
    }

    /// <summary>Closes a descriptor.</summary>
    /// <exception cref="KernelException">EBADF.</exception>
    public void Close(int descriptor)
    {
        OpenFile file;
        lock (_lock)
        {
            file = Find(descriptor);
            _entries[descriptor] = default;
        }

        file.Release();
    }

    /// <summary>Closes a descriptor if it is open.</summary>
    public void TryClose(int descriptor)
    {
        OpenFile? file = null;
        lock (_lock)
        {
            if ((uint)descriptor < (uint)_entries.Length)
            {
                file = _entries[descriptor].File;
                _entries[descriptor] = default;
            }
        }

        file?.Release();
    }

    /// <summary>Makes a given number refer to a file, whose reference the table takes over, closing what was there.</summary>
    /// <exception cref="KernelException">EBADF the number is outside the limit; the file is released then.</exception>
    public void Replace(int descriptor, OpenFile file, bool closeOnExec)
    {
        if (descriptor < 0 || descriptor >= Limit)
        {
            file.Release();
            throw new KernelException(Errno.EBADF, $"Descriptor {descriptor} is outside the limit {Limit}.");
        }

        OpenFile? old;
        lock (_lock)
        {
            old = descriptor < _entries.Length ? _entries[descriptor].File : null;
            Put(descriptor, new Entry(file, closeOnExec));
        }

        old?.Release();
    }

    /// <summary>FD_CLOEXEC of a descriptor.</summary>
    /// <exception cref="KernelException">EBADF.</exception>
    public bool ClosesOnExec(int descriptor)
    {
        lock (_lock)
        {
            _ = Find(descriptor);
            return _entries[descriptor].CloseOnExec;
        }
    }

    /// <summary>Sets or clears FD_CLOEXEC.</summary>
    /// <exception cref="KernelException">EBADF.</exception>
    public void SetCloseOnExec(int descriptor, bool value)
    {
        lock (_lock)
        {
            _entries[descriptor] = new Entry(Find(descriptor), value);
        }
    }

    /// <summary>A table with the same descriptors, those marked close-on-exec too: what fork leaves.</summary>
    public DescriptorTable Copy()
    {
        var copy = new DescriptorTable(Limit);
        lock (_lock)
        {
            copy._entries = (Entry[])_entries.Clone();
            foreach (Entry entry in copy._entries)
            {
                entry.File?.AddReference();
            }
        }

        return copy;
    }

    /// <summary>Closes what is marked close-on-exec.</summary>
    public void CloseForExec() => CloseWhere(static e => e.CloseOnExec, last: false);

    /// <summary>Closes everything, for good: nothing can be opened afterwards.</summary>
    public void CloseAll() => CloseWhere(static _ => true, last: true);

    private static KernelException WorldEnded() => new(Errno.EBADF, "The world has ended; it opens nothing any more.");

    private void CloseWhere(Func<Entry, bool> condition, bool last)
    {
        var closing = new List<OpenFile>();
        lock (_lock)
        {
            _closed |= last;
            for (int i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].File is { } file && condition(_entries[i]))
                {
                    closing.Add(file);
                    _entries[i] = default;
                }
            }
        }

        closing.ForEach(static f => f.Release());
    }

    private OpenFile Find(int descriptor) =>
        (uint)descriptor < (uint)_entries.Length && _entries[descriptor].File is { } file
            ? file
            : throw new KernelException(Errno.EBADF, $"Descriptor {descriptor} is not open.");

    private int LowestFree(int lowest)
    {
        for (int i = lowest; i < _entries.Length; i++)
        {
            if (_entries[i].File is null)
            {
                return i;
            }
        }

        return Math.Max(lowest, _entries.Length);
    }

    private void Put(int descriptor, Entry entry)
    {
        if (descriptor >= _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(descriptor + 1, _entries.Length * 2));
        }

        _entries[descriptor] = entry;
    }

    private readonly record struct Entry(OpenFile? File, bool CloseOnExec);
}
