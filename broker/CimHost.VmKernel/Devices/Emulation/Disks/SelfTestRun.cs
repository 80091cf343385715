namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>A self-test of a device: when it began, and the results of those that were started since the machine was opened.</summary>
internal sealed class SelfTestRun(TimeProvider time)
{
    private const int MostResults = 20;

    private readonly List<(byte Type, bool Aborted)> _finished = [];
    private byte _type;
    private long _began;
    private int _seconds;

    /// <summary>Type of the test that runs; 0 for none.</summary>
    public byte Running
    {
        get
        {
            if (_type != 0 && time.GetElapsedTime(_began).TotalSeconds >= _seconds)
            {
                Finish(aborted: false);
            }

            return _type;
        }
    }

    /// <summary>How much is done, 0 to 99 %; 0 when none runs.</summary>
    public int Percent => Running == 0 ? 0 : Math.Clamp((int)(time.GetElapsedTime(_began).TotalSeconds * 100 / _seconds), 0, 99);

    /// <summary>Those that ended, the newest first.</summary>
    public IReadOnlyList<(byte Type, bool Aborted)> Finished => Running == 0 || _finished.Count > 0 ? _finished : [];

    public void Start(byte type, int seconds)
    {
        if (Running != 0)
        {
            Finish(aborted: true);
        }

        (_type, _seconds, _began) = (type, seconds, time.GetTimestamp());
    }

    public void Abort()
    {
        if (Running != 0)
        {
            Finish(aborted: true);
        }
    }

    private void Finish(bool aborted)
    {
        _finished.Insert(0, (_type, aborted));
        _type = 0;
        if (_finished.Count > MostResults)
        {
            _finished.RemoveAt(MostResults);
        }
    }
}
