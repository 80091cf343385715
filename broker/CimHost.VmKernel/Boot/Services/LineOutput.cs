using System.Text;
using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>Standard output and error of a service: what is written goes to the log line by line. Lines that are too long are cut into several.</summary>
/// <param name="line">Gets each line.</param>
internal sealed class LineOutput(Action<string> line) : OpenFile(OpenFlags.O_WRONLY)
{
    private const int MaxLine = 1_000;

    private readonly Lock _lock = new();
    private readonly List<byte> _bytes = [];

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new KernelException(Errno.EBADF, "The log is for writing.");

    /// <inheritdoc/>
    public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            foreach (byte one in buffer.Span)
            {
                if (one != (byte)'\n')
                {
                    _bytes.Add(one);
                }

                if (one == (byte)'\n' || _bytes.Count == MaxLine)
                {
                    Tell();
                }
            }
        }

        return ValueTask.FromResult(buffer.Length);
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        lock (_lock)
        {
            Tell();
        }
    }

    private void Tell()
    {
        if (_bytes.Count > 0)
        {
            line(Encoding.UTF8.GetString([.. _bytes]));
            _bytes.Clear();
        }
    }
}
