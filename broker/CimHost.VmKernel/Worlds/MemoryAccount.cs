namespace CimHost.VmKernel.Worlds;

/// <summary>
/// Kernel-managed memory of one world: what the kernel holds for it (and what the world itself declares), counted against its limit. The
/// managed heap of an in-process world cannot be told from the host's and is not counted.
/// </summary>
public sealed class MemoryAccount
{
    private readonly Lock _lock = new();

    internal MemoryAccount(long limit) => Limit = limit;

    /// <summary>Bytes charged now.</summary>
    public long Used { get; private set; }

    /// <summary>Most bytes that were charged at one time.</summary>
    public long Peak { get; private set; }

    /// <summary>How often a charge was refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Bytes that may be charged.</summary>
    public long Limit { get; internal set; }

    /// <summary>Charges memory.</summary>
    /// <param name="bytes">Bytes; at least 0.</param>
    /// <exception cref="KernelException">ENOMEM the limit would be passed; nothing is charged then.</exception>
    public void Charge(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_lock)
        {
            if (bytes > Limit - Used)
            {
                Refused++;
                throw new KernelException(Errno.ENOMEM, $"{bytes} bytes more than the {Used} in use pass the memory limit of {Limit} bytes.");
            }

            Used += bytes;
            Peak = Math.Max(Peak, Used);
        }
    }

    /// <summary>Gives memory back.</summary>
    /// <param name="bytes">Bytes; at most what is charged is taken away.</param>
    public void Uncharge(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_lock)
        {
            Used -= Math.Min(bytes, Used);
        }
    }
}
