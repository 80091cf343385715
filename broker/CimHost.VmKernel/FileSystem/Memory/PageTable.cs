using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>
/// Pages of one file by their number. Small files have one array that grows; what lies behind is kept in chunks that exist only where
/// something was written, so that a sparse file of any size costs what it holds. Guarded by the file's gate.
/// </summary>
internal sealed class PageTable
{
    private const int ChunkPages = 64;

    private Page?[] _first = [];
    private Dictionary<long, Page?[]>? _chunks;

    /// <summary>Pages that exist.</summary>
    public long Count { get; private set; }

    public Page? Find(long index)
    {
        if (index < ChunkPages)
        {
            return index < _first.Length ? _first[index] : null;
        }

        return _chunks is not null && _chunks.TryGetValue(index / ChunkPages, out Page?[]? chunk) ? chunk[index % ChunkPages] : null;
    }

    public void Add(long index, Page page)
    {
        Count++;
        if (index < ChunkPages)
        {
            if (index >= _first.Length)
            {
                Array.Resize(ref _first, Math.Min(ChunkPages, Math.Max((int)index + 1, _first.Length * 2)));
            }

            _first[index] = page;
            return;
        }

        _chunks ??= [];
        if (!_chunks.TryGetValue(index / ChunkPages, out Page?[]? chunk))
        {
            _chunks.Add(index / ChunkPages, chunk = new Page?[ChunkPages]);
        }

        chunk[index % ChunkPages] = page;
    }

    /// <summary>Takes out all pages from a number on.</summary>
    public IEnumerable<Page> RemoveFrom(long index)
    {
        foreach (Page page in Clear(_first, index))
        {
            yield return page;
        }

        if (_chunks is null)
        {
            yield break;
        }

        foreach (long number in _chunks.Keys.Where(n => (n + 1) * ChunkPages > index).ToArray())
        {
            foreach (Page page in Clear(_chunks[number], index - (number * ChunkPages)))
            {
                yield return page;
            }

            if (number * ChunkPages >= index)
            {
                _chunks.Remove(number);
            }
        }
    }

    private IEnumerable<Page> Clear(Page?[] pages, long from)
    {
        for (long i = Math.Max(0, from); i < pages.Length; i++)
        {
            if (pages[i] is { } page)
            {
                pages[i] = null;
                Count--;
                yield return page;
            }
        }
    }
}
