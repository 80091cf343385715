using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>
/// Reads the parts of a sample. A part that a device does not have is left out; one that is wrong is left out and told; a device that does
/// not answer ends the sample.
/// </summary>
internal sealed class PageReads
{
    private const int MostProblems = 32;
    private readonly List<string> _problems = [];

    /// <summary>Takes bytes apart; false with the reason when they are wrong.</summary>
    public delegate bool Decoder<T>(ReadOnlySpan<byte> data, out T? value, out string? reason);

    /// <summary>What could not be read, and why.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads and decodes a part; null when there is none or it is wrong.</summary>
    public async ValueTask<T?> TryAsync<T>(ValueTask<ReadOnlyMemory<byte>> read, Decoder<T> decode)
        where T : class
    {
        try
        {
            ReadOnlyMemory<byte> data = await read;
            if (decode(data.Span, out T? value, out string? reason))
            {
                return value;
            }

            Add(reason ?? "the answer breaks its format");
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unsupported)
        {
            // The device does not have it, and needs not.
            return null;
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Malformed)
        {
            Add(e.Message);
        }

        return null;
    }

    /// <summary>Notes a part that is wrong.</summary>
    public void Add(string problem)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.Add(problem);
        }
    }
}
