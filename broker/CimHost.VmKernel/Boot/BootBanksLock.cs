namespace CimHost.VmKernel.Boot;

/// <summary>
/// Keeps a host and the boot commands of an administrator from changing boot banks at the same time: a file of the state directory that
/// one process at a time has open (flock()). The kernel lets go of it when the process ends, however it does.
/// </summary>
internal sealed class BootBanksLock(string stateDirectory)
{
    private const string FileName = "bootbanks.lock";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private FileStream? _file;
    private int _holders;

    /// <summary>How long to wait for another process. All that it does meanwhile is short, but for staging an upgrade.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes hold, until the result is disposed of; within this process several may.</summary>
    /// <exception cref="IOException">Another process does not let go, or the file cannot be made.</exception>
    public IDisposable Hold()
    {
        lock (_lock)
        {
            _file ??= Open();
            _holders++;
            return new Holder(this);
        }
    }

    private FileStream Open()
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(stateDirectory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
            {
                if (Environment.TickCount64 - start >= Timeout.TotalMilliseconds)
                {
                    throw new IOException($"Another process is changing the boot banks in {stateDirectory} (it stages an upgrade, or is a boot command); try again when it has ended. ({e.Message})", e);
                }

                // There is nothing to wait on: flock() of .NET does not block.
                Thread.Sleep(s_pause);
            }
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            if (--_holders == 0)
            {
                _file!.Dispose();
                _file = null;
            }
        }
    }

    private sealed class Holder(BootBanksLock owner) : IDisposable
    {
        private bool _isReleased;

        public void Dispose()
        {
            if (!_isReleased)
            {
                _isReleased = true;
                owner.Release();
            }
        }
    }
}
