namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>How much one recording takes; what is beyond is left out and counted.</summary>
/// <param name="mostBytes">Most bytes of requests, answers and files.</param>
/// <param name="mostEntries">Most requests and paths.</param>
internal sealed class RecordingLimits(long mostBytes, int mostEntries)
{
    private readonly Lock _lock = new();
    private long _bytes;
    private int _entries;

    /// <summary>How much was left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Asks for room; false when there is none.</summary>
    public bool Take(int bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes > mostBytes || _entries >= mostEntries)
            {
                LeftOut++;
                return false;
            }

            (_bytes, _entries) = (_bytes + bytes, _entries + 1);
            return true;
        }
    }
}
