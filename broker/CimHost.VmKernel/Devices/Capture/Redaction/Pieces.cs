namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Something larger that was read in pieces, possibly more than once: put together, changed, and cut again.</summary>
internal sealed class Pieces
{
    private const int Largest = 256 * 1024;

    private readonly List<(Exchange Exchange, int Skip, int Offset)> _pieces = [];
    private byte[] _whole = [];

    /// <summary>All of it; what nobody read is 0.</summary>
    public Span<byte> Whole => _whole;

    /// <summary>Adds the answer of an exchange.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="skip">Bytes of its answer before the piece.</param>
    /// <param name="offset">Where the piece belongs.</param>
    public void Add(Exchange exchange, int skip, int offset)
    {
        int end = offset + exchange.Data.Length - skip;
        if (end > Largest || end <= offset)
        {
            return;
        }

        if (end > _whole.Length)
        {
            Array.Resize(ref _whole, end);
        }

        exchange.Data.AsSpan(skip).CopyTo(_whole.AsSpan(offset));
        _pieces.Add((exchange, skip, offset));
    }

    /// <summary>Puts what was changed into the exchanges.</summary>
    public void Cut()
    {
        foreach ((Exchange exchange, int skip, int offset) in _pieces)
        {
            exchange.Data = [.. exchange.Data[..skip], .. _whole.AsSpan(offset, exchange.Data.Length - skip)];
        }
    }
}
