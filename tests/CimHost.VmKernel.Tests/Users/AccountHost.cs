using CimHost.VmKernel.Tests.Emulation;
using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Permissions;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Tests.Users;

/// <summary>Accounts over files in memory, with a clock that stands and a log that can be read.</summary>
internal sealed class AccountHost : IDisposable
{
    public const string RootPassword = "correct-horse-7x";

    private AccountHost(MemoryFiles files, ManualTime time, SecurityOptions options, TestLog log, Accounts accounts)
    {
        Files = files;
        Time = time;
        Options = options;
        Log = log;
        Accounts = accounts;
    }

    public MemoryFiles Files { get; }

    public ManualTime Time { get; }

    public SecurityOptions Options { get; }

    public TestLog Log { get; }

    public Accounts Accounts { get; }

    public static async Task<AccountHost> StartAsync(MemoryFiles? files = null, string rootPassword = RootPassword, string? usersJson = null, ManualTime? time = null)
    {
        files ??= new MemoryFiles();
        time ??= new ManualTime();
        var options = new SecurityOptions();
        var log = new TestLog();
        return new AccountHost(files, time, options, log, await Accounts.OpenAsync(files, options, new FirstStart(() => rootPassword, usersJson), time, log));
    }

    public async Task<Principal?> LoginAsync(string name, string password) => await Accounts.VerifyAsync(name, password, CancellationToken.None);

    /// <summary>Adds a user and logs in.</summary>
    public async Task<Principal> UserAsync(string name, string? role = null, params string[] groups)
    {
        await Accounts.AddUserAsync(new NewUser(name, "battery-Staple-9x") { Role = role, Groups = groups }, default);
        return (await LoginAsync(name, "battery-Staple-9x"))!;
    }

    public Task PermitAsync(string principal, string role, string path, bool isGroup = false, bool propagates = true) =>
        Accounts.SetPermissionAsync(principal, isGroup, role, Object(path), propagates, default);

    public bool Allows(Principal principal, Privilege privilege, string path) => Accounts.Authorizer.Allows(principal, privilege, Object(path));

    public static ObjectPath Object(string text) => ObjectPath.TryParse(text, out ObjectPath path, out string error) ? path : throw new ArgumentException(error);

    public void Dispose()
    {
        Accounts.Dispose();
        Files.Dispose();
    }

    /// <summary>Files that are gone with the test; writing can be made to fail.</summary>
    internal sealed class MemoryFiles : IAccountFiles, IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);
        private Func<Func<string, ReadOnlyMemory<byte>?>, Action>? _watcher;
        private readonly Dictionary<string, ReadOnlyMemory<byte>> _files = [];

        public int Writes { get; private set; }

        public bool IsBroken { get; set; }

        public string Text(string name) => System.Text.Encoding.UTF8.GetString(_files[name].Span);

        public void Put(string name, string text) => _files[name] = System.Text.Encoding.UTF8.GetBytes(text);

        public bool Remove(string name) => _files.Remove(name);

        public ReadOnlyMemory<byte>? Read(string name) => _files.TryGetValue(name, out ReadOnlyMemory<byte> content) ? content : (ReadOnlyMemory<byte>?)null;

        public void Watch(Func<Func<string, ReadOnlyMemory<byte>?>, Action> watcher) => _watcher = watcher;

        /// <summary>What was put into the files by somebody else is taken over, or refused with <see cref="InvalidDataException"/>.</summary>
        public void TakeOver() => _watcher!(Read)();

        public async ValueTask ChangeAsync(Func<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> change, CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                IReadOnlyDictionary<string, ReadOnlyMemory<byte>> changed = change();
                if (IsBroken && changed.Count > 0)
                {
                    throw new IOException("The disk is full.");
                }

                Writes += Math.Min(changed.Count, 1);
                foreach ((string name, ReadOnlyMemory<byte> content) in changed)
                {
                    _files[name] = content;
                }

                _watcher?.Invoke(Read)();
            }
            finally
            {
                _turn.Release();
            }
        }

        public void Dispose() => _turn.Dispose();
    }

    internal sealed class TestLog : ILogger<Accounts>
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return string.Join('\n', _lines);
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock)
            {
                _lines.Add(formatter(state, exception));
            }
        }
    }
}
