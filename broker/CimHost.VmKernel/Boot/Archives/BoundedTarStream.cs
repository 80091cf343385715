using System.Globalization;

namespace CimHost.VmKernel.Boot.Archives;

/// <summary>
/// An unpacked tar file on its way to the reader of the framework, which trusts the sizes that headers give and reserves memory by them.
/// This looks at each header block first (POSIX.1-2017 pax, "ustar Interchange Format") and lets nothing through whose kind or size an
/// archive of this host never has.
/// </summary>
internal sealed class BoundedTarStream(Stream tar, ArchiveLimits limits) : Stream
{
    private const int Block = 512;
    private const int MaxExtendedHeader = 64 * 1024;

    private readonly byte[] _header = new byte[Block];
    private readonly List<byte> _extended = [];
    private int _headerFill;
    private long _dataLeft;
    private int _paddingLeft;
    private bool _inExtended;
    private int _headers;

    /// <summary>Whether the two blocks of zeros that end a tar file have been seen.</summary>
    public bool Ended { get; private set; }

    /// <summary>Bytes that have passed.</summary>
    public long UnpackedBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = tar.Read(buffer);
        UnpackedBytes += read;
        if (UnpackedBytes > limits.MaxBytes)
        {
            throw new InvalidDataException($"it has more than {limits.MaxBytes} bytes when unpacked");
        }

        Watch(buffer[..read]);
        return read;
    }

    /// <summary>Reads what follows the end, so that the checksum of the compressed file is compared.</summary>
    public void Drain()
    {
        byte[] rest = new byte[16 * 1024];
        while (Read(rest) > 0)
        {
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tar.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Watch(ReadOnlySpan<byte> seen)
    {
        while (!seen.IsEmpty && !Ended)
        {
            int take;
            if (_dataLeft > 0)
            {
                take = (int)Math.Min(_dataLeft, seen.Length);
                TakeData(seen[..take]);
            }
            else if (_paddingLeft > 0)
            {
                take = Math.Min(_paddingLeft, seen.Length);
                _paddingLeft -= take;
            }
            else
            {
                take = Math.Min(Block - _headerFill, seen.Length);
                seen[..take].CopyTo(_header.AsSpan(_headerFill));
                _headerFill += take;
                if (_headerFill == Block)
                {
                    _headerFill = 0;
                    TakeHeader();
                }
            }

            seen = seen[take..];
        }
    }

    private void TakeData(ReadOnlySpan<byte> data)
    {
        _dataLeft -= data.Length;
        if (!_inExtended)
        {
            return;
        }

        _extended.AddRange(data);
        if (_dataLeft > 0)
        {
            return;
        }

        // Either record would make the reader see other borders between entries than this does.
        ReadOnlySpan<byte> records = [.. _extended];
        if (records.IndexOf(" size="u8) >= 0 || records.IndexOf("GNU.sparse"u8) >= 0)
        {
            throw new InvalidDataException("an extended header gives a size of its own or a sparse file");
        }
    }

    private void TakeHeader()
    {
        if (!_header.AsSpan().ContainsAnyExcept((byte)0))
        {
            Ended = true;
            return;
        }

        // Each entry has at most three headers: extended or long name, long link, and its own.
        if (++_headers > 3L * limits.MaxEntries)
        {
            throw new InvalidDataException($"it has more than {limits.MaxEntries} entries");
        }

        char type = (char)_header[156];
        long size = Size();
        _inExtended = type is 'x' or 'g' or 'L' or 'K';
        bool fits = type switch
        {
            '0' or '\0' => limits.AllowsFile(size),
            '2' or '5' => size == 0,
            _ when _inExtended => size is >= 0 and <= MaxExtendedHeader,
            _ => throw new InvalidDataException($"it has an entry of type '{(char.IsAsciiLetterOrDigit(type) ? type : '?')}'; only files, directories and symbolic links are unpacked"),
        };
        if (!fits)
        {
            throw new InvalidDataException($"an entry of type '{type}' gives {size} bytes as its size");
        }

        _extended.Clear();
        _dataLeft = size;
        _paddingLeft = (int)((Block - (size % Block)) % Block);
    }

    // Octal digits, ended by a space or NUL. The binary form is for files of 8 GiB and more.
    private long Size()
    {
        ReadOnlySpan<byte> field = _header.AsSpan(124, 12).Trim(" \0"u8);
        long size = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the size of an entry is not octal (byte {digit:x2}h)"));
            }

            size = (size * 8) + (digit - '0');
        }

        return size;
    }
}
