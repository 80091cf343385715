using System.Globalization;
using System.Text;
using System.Threading.Channels;
using CimHost.VmKernel;
using CimHost.VmKernel.FileSystem;

namespace CimHost.Hosting;

/// <summary>
/// The host's log as /var/log/cimhost.log, in memory as all logs of ESXi: gone after a restart. At 1 MiB it becomes cimhost.log.1. Whoever
/// logs never waits; what comes faster than it can be written is dropped, oldest first.
/// </summary>
internal sealed class KernelLog : ILoggerProvider, IAsyncDisposable
{
    /// <summary>Path of the file.</summary>
    public const string Path = "/var/log/cimhost.log";

    /// <summary>Path of the part before.</summary>
    public const string OlderPath = Path + ".1";

    private const int MaxBytes = 1 << 20;
    private const int MaxWaiting = 1_000;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Vfs _files;
    private readonly Task _writing;

    public KernelLog(Vfs files)
    {
        _files = files;
        _writing = WriteAllAsync();
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() => _lines.Writer.TryComplete();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        await foreach (string line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                await WriteAsync(Encoding.UTF8.GetBytes(line));
            }
            catch (KernelException)
            {
                // A full ramdisk: standard error still has the line, and the next one may fit again.
            }
        }
    }

    private async Task WriteAsync(byte[] line)
    {
        var file = (VfsFile)await _files.OpenAsync(FileCaller.Root, Path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND, 0x1A4);
        try
        {
            await file.WriteAsync(line);
        }
        finally
        {
            await file.ReleaseAsync();
        }

        if (_files.Stat(FileCaller.Root, Path).Size >= MaxBytes)
        {
            await _files.RenameAsync(FileCaller.Root, Path, OlderPath);
        }
    }

    private sealed class Category(KernelLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string text = formatter(state, exception).ReplaceLineEndings(" ");
            string failure = exception is null ? string.Empty : " " + exception.ToString().ReplaceLineEndings(" ");
            log._lines.Writer.TryWrite(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {logLevel} {name}[{eventId.Id}] {text}{failure}\n"));
        }
    }
}
