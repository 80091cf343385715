using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>The system calls of one thread, in the kernel: for in-process worlds directly, for process worlds behind the protocol.</summary>
internal sealed partial class WorldSystemCalls(WorldThread thread) : ISystemCalls
{
    private World World => thread.World;

    private WorldTable Table => thread.Table;

    private IFileNamespace Files => thread.Table.Options.Files;

    private FileContext Context => WorldTable.Context(thread.World);

    /// <inheritdoc/>
    public ValueTask<long> CallAsync(string name, params IReadOnlyList<long> arguments) => NamedCalls.CallAsync(this, name, arguments);

    /// <summary>Runs something on the file of a descriptor, which stays open meanwhile.</summary>
    private async ValueTask<TResult> WithFileAsync<TState, TResult>(
        int descriptor, TState state, Func<OpenFile, TState, CancellationToken, ValueTask<TResult>> call)
    {
        await thread.EnterAsync();
        OpenFile file = World.Descriptors.Acquire(descriptor);
        try
        {
            return await thread.WaitAsync((file, state, call), static (s, interrupt) => s.call(s.file, s.state, interrupt));
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Runs something that does not wait on the file of a descriptor.</summary>
    private ValueTask<TResult> WithFileAsync<TState, TResult>(int descriptor, TState state, Func<OpenFile, TState, TResult> call) =>
        WithFileAsync(descriptor, (state, call), static (file, s, _) => new ValueTask<TResult>(s.call(file, s.state)));
}
