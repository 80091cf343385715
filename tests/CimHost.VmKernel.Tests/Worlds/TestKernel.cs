using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Tests.SystemCalls;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Tests.Worlds;

/// <summary>A kernel with an init that reaps, programs that are lambdas, and a tiny file system.</summary>
internal sealed class TestKernel : IProgramSource, IAsyncDisposable
{
    private readonly Dictionary<string, IProgram> _programs = new() { ["/bin/init"] = new InitProgram() };
    private readonly Dictionary<string, ProcessProgram> _processes = [];
    private int _last;

    private TestKernel(Func<WorldTableOptions, WorldTableOptions>? options)
    {
        WorldTableOptions basic = new() { Programs = this, Files = Files, Grace = TimeSpan.FromSeconds(30) };
        Table = new WorldTable(options?.Invoke(basic) ?? basic);
    }

    public TinyFiles Files { get; } = new();

    public WorldTable Table { get; }

    public static async Task<TestKernel> StartAsync(Func<WorldTableOptions, WorldTableOptions>? options = null)
    {
        var kernel = new TestKernel(options);
        await kernel.Table.SpawnAsync(new SpawnRequest("/bin/init", ["init"]));
        return kernel;
    }

    public IProgram? Find(string path)
    {
        lock (_programs)
        {
            return _programs.GetValueOrDefault(path);
        }
    }

    public ValueTask<ProcessProgram?> FindProcessAsync(string path) => ValueTask.FromResult(_processes.GetValueOrDefault(path));

    /// <summary>Makes a program of a lambda.</summary>
    /// <returns>Its path.</returns>
    public string Program(Func<ISystemCalls, CancellationToken, Task<int>> body, string? path = null)
    {
        path ??= $"/bin/p{Interlocked.Increment(ref _last)}";
        lock (_programs)
        {
            _programs[path] = new Lambda(body);
        }

        Files.Put(path, 0x1ED);
        return path;
    }

    public string Program(Func<ISystemCalls, Task<int>> body) => Program((k, _) => body(k));

    public string Process(ProcessProgram program)
    {
        string path = $"/bin/x{Interlocked.Increment(ref _last)}";
        _processes[path] = program;
        Files.Put(path, 0x1ED);
        return path;
    }

    public SpawnRequest Request(Func<ISystemCalls, Task<int>> body) => new(Program(body), ["p"]);

    /// <summary>Runs a lambda as a world, and fails as it fails.</summary>
    public async Task RunAsync(Func<ISystemCalls, Task> body, Credentials? user = null)
    {
        Exception? failure = null;
        SpawnRequest request = Request(async k =>
        {
            try
            {
                await body(k);
            }
            catch (Exception thrown) when (thrown is not WorldEndedException)
            {
                failure = thrown;
            }

            return 0;
        });
        World world = await Table.SpawnAsync(request with { Credentials = user });
        await world.Completion.WaitAsync(TimeSpan.FromSeconds(60));
        if (failure is not null)
        {
            throw new InvalidOperationException($"The world failed: {failure.Message}", failure);
        }
    }

    public async ValueTask DisposeAsync() => await Table.HaltAsync();

    private sealed class Lambda(Func<ISystemCalls, CancellationToken, Task<int>> body) : IProgram
    {
        public Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end) => body(kernel, end);
    }
}
