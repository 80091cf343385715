namespace CimHost.VmKernel.Devices.Capture;

/// <summary>What was found at a path, as far as somebody looked.</summary>
/// <param name="Kind">What it is.</param>
internal sealed record CapturedEntry(CapturedEntryKind Kind)
{
    /// <summary>Where a link leads: an absolute path without links.</summary>
    public string Target { get; set; } = string.Empty;

    /// <summary>Names in a directory; null when it was not listed.</summary>
    public IReadOnlyList<string>? Names { get; set; }

    /// <summary>The parts of a file that were read, by their offset; they neither touch nor overlap. Null when it was not read.</summary>
    public SortedList<long, byte[]>? Parts { get; private set; }

    /// <summary>Why it could not be read or listed.</summary>
    public CapturedFault? Fault { get; set; }

    /// <summary>Adds a part that was read; what is known already stays.</summary>
    public void Add(long offset, byte[] bytes)
    {
        Parts ??= [];
        if (bytes.Length == 0)
        {
            return;
        }

        (long from, long to) = (offset, offset + bytes.Length);
        KeyValuePair<long, byte[]>[] near = [.. Parts.Where(p => p.Key <= to && p.Key + p.Value.Length >= from)];
        if (near.Length == 0)
        {
            Parts.Add(offset, bytes);
            return;
        }

        long first = Math.Min(from, near[0].Key);
        byte[] joined = new byte[Math.Max(to, near[^1].Key + near[^1].Value.Length) - first];
        bytes.CopyTo(joined, from - first);
        foreach ((long at, byte[] part) in near)
        {
            part.CopyTo(joined, at - first);
            Parts.Remove(at);
        }

        Parts.Add(first, joined);
    }

    /// <summary>The bytes from an offset on, as far as they are known without a gap.</summary>
    public byte[] Read(long offset, int count)
    {
        foreach ((long at, byte[] part) in Parts ?? [])
        {
            if (offset >= at && offset < at + part.Length)
            {
                int from = (int)(offset - at);
                return part[from..(int)Math.Min((long)from + count, part.Length)];
            }
        }

        return [];
    }
}
