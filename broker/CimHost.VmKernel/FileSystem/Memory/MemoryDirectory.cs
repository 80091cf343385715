using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>
/// A directory. Names are found without a lock; they are changed under the lock of the file system's name space. Entries are kept in the
/// order in which they were made, so that readdir() finds its place again while others come and go.
/// </summary>
internal sealed class MemoryDirectory : MemoryInode
{
    private const int FirstPosition = 2;
    private const int BytesPerEntry = 32;

    private readonly ConcurrentDictionary<string, MemoryEntry> _names = new(concurrencyLevel: 1, capacity: 7, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MemoryEntry>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<MemoryEntry> _order = [];
    private volatile MemoryDirectory _parent;
    private long _nextPosition = FirstPosition;
    private int _count;

    public MemoryDirectory(MemoryFileSystem fileSystem, in NewFile file, Credentials owner, MemoryDirectory? parent)
        : base(fileSystem, file, owner)
    {
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        _parent = parent ?? this;
        LinkCount = 2;
    }

    public override MemoryDirectory Parent => _parent;

    /// <summary>Number of names; under the lock of the name space.</summary>
    public int Count => _count;

    /// <summary>Whether rmdir() removed it: nothing can be made in it then.</summary>
    public bool IsRemoved => LinkCount == 0;

    /// <summary>The entries; under the lock of the name space.</summary>
    public IEnumerable<MemoryEntry> Entries => _order.Where(e => e.Inode is not null);

    protected override long Size => (long)(_count + 2) * BytesPerEntry;

    public override MemoryInode? Lookup(ReadOnlySpan<char> name) => _lookup.TryGetValue(name, out MemoryEntry? entry) ? entry.Inode : null;

    public override string? NameOf(Inode child)
    {
        lock (FileSystem.Names)
        {
            return Entries.FirstOrDefault(e => ReferenceEquals(e.Inode, child))?.Name;
        }
    }

    public override int ReadDirectory(long position, Span<DirectoryEntry> entries)
    {
        int count = 0;
        lock (FileSystem.Names)
        {
            for (int i = IndexOf(position); i < _order.Count && count < entries.Length; i++)
            {
                MemoryEntry entry = _order[i];
                if (entry.Inode is { } inode)
                {
                    entries[count++] = new DirectoryEntry(entry.Name, inode.Number, inode.Type, entry.Position + 1);
                }
            }
        }

        return count;
    }

    public override bool TryCover(Mount mount)
    {
        lock (FileSystem.Names)
        {
            return !IsRemoved ? base.TryCover(mount) : throw FileErrors.Of(Errno.ENOENT, "mount");
        }
    }

    public override void Touch()
    {
        lock (this)
        {
            AccessTime = FileClock.Now;
        }
    }

    public bool TryFind(string name, [NotNullWhen(true)] out MemoryInode? inode) => (inode = Lookup(name)) is not null;

    /// <summary>Adds a name, or gives it another file; under the lock of the name space.</summary>
    public void Set(string name, MemoryInode inode)
    {
        if (_names.TryGetValue(name, out MemoryEntry? known))
        {
            known.Inode = inode;
        }
        else
        {
            var entry = new MemoryEntry(name, inode, _nextPosition++);
            _order.Add(entry);
            _names[name] = entry;
            _count++;
        }

        NoteChange();
    }

    /// <summary>Removes a name; under the lock of the name space.</summary>
    public void Remove(string name)
    {
        if (_names.TryRemove(name, out MemoryEntry? entry))
        {
            entry.Inode = null;
            _count--;
            Compact();
            NoteChange();
        }
    }

    /// <summary>Moves it to another directory, or counts a directory that was added or removed below; under the lock of the name space.</summary>
    public void MoveTo(MemoryDirectory parent) => _parent = parent;

    public void AddSubdirectory() => AddLink();

    public void RemoveSubdirectory() => base.RemoveLink();

    /// <summary>It was removed: its name and its own "." are gone.</summary>
    public override void RemoveLink()
    {
        lock (this)
        {
            LinkCount = 0;
            ChangeTime = FileClock.Now;
        }
    }

    private void NoteChange()
    {
        lock (this)
        {
            NoteModification(null);
        }
    }

    private void Compact()
    {
        if (_order.Count > 16 && _order.Count > 2 * _count)
        {
            _order.RemoveAll(e => e.Inode is null);
        }
    }

    // The first entry at or behind a position.
    private int IndexOf(long position)
    {
        int low = 0;
        int high = _order.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_order[middle].Position < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
