using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>Worlds, users and groups.</summary>
public sealed partial class SystemCallClient
{
    /// <inheritdoc/>
    public ValueTask<int> GetpidAsync() =>
        CallAsync(SystemCallNumber.Getpid, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> GetppidAsync() =>
        CallAsync(SystemCallNumber.Getppid, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> GetpgidAsync(int id) =>
        CallAsync(SystemCallNumber.Getpgid, w => w.Int32(id), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask SetpgidAsync(int id, int group) =>
        CallAsync(SystemCallNumber.Setpgid, w => w.Int32(id).Int32(group));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, string>> GetEnvironmentAsync() =>
        CallAsync<IReadOnlyDictionary<string, string>>(SystemCallNumber.GetEnvironment, static _ => { }, CallValues.ReadEnvironment);

    /// <inheritdoc/>
    public ValueTask<int> SpawnAsync(SpawnRequest request) =>
        CallAsync(SystemCallNumber.Spawn, w => CallValues.Write(w, request), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask ExitAsync(int code) =>
        CallAsync(SystemCallNumber.Exit, w => w.Int32(code));

    /// <inheritdoc/>
    public ValueTask<WaitResult> WaitpidAsync(int id, WaitOptions options = WaitOptions.None) =>
        CallAsync(SystemCallNumber.Waitpid, w => w.Int32(id).Int32((int)options), CallValues.ReadWaitResult);

    /// <inheritdoc/>
    public ValueTask<WorldTimes> TimesAsync() =>
        CallAsync(SystemCallNumber.Times, static _ => { }, static r => new WorldTimes(new TimeSpan(r.Int64()), new TimeSpan(r.Int64())));

    /// <inheritdoc/>
    public ValueTask<ResourceLimit> GetrlimitAsync(ResourceLimitKind kind) =>
        CallAsync(SystemCallNumber.Getrlimit, w => w.Int32((int)kind), static r => new ResourceLimit(r.Int64(), r.Int64()));

    /// <inheritdoc/>
    public ValueTask SetrlimitAsync(ResourceLimitKind kind, ResourceLimit limit) =>
        CallAsync(SystemCallNumber.Setrlimit, w => w.Int32((int)kind).Int64(limit.Soft).Int64(limit.Hard));

    /// <inheritdoc/>
    public ValueTask<int> GetuidAsync() =>
        CallAsync(SystemCallNumber.Getuid, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> GeteuidAsync() =>
        CallAsync(SystemCallNumber.Geteuid, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> GetgidAsync() =>
        CallAsync(SystemCallNumber.Getgid, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> GetegidAsync() =>
        CallAsync(SystemCallNumber.Getegid, static _ => { }, static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<int>> GetgroupsAsync() =>
        CallAsync<IReadOnlyList<int>>(SystemCallNumber.Getgroups, static _ => { }, static r => r.List(static x => x.Int32()));

    /// <inheritdoc/>
    public ValueTask SetuidAsync(int user) =>
        CallAsync(SystemCallNumber.Setuid, w => w.Int32(user));

    /// <inheritdoc/>
    public ValueTask SeteuidAsync(int user) =>
        CallAsync(SystemCallNumber.Seteuid, w => w.Int32(user));

    /// <inheritdoc/>
    public ValueTask SetgidAsync(int group) =>
        CallAsync(SystemCallNumber.Setgid, w => w.Int32(group));

    /// <inheritdoc/>
    public ValueTask SetegidAsync(int group) =>
        CallAsync(SystemCallNumber.Setegid, w => w.Int32(group));

    /// <inheritdoc/>
    public ValueTask SetgroupsAsync(IReadOnlyList<int> groups) =>
        CallAsync(SystemCallNumber.Setgroups, w => w.List(groups, static (to, x) => to.Int32(x)));

    /// <inheritdoc/>
    public ValueTask ExecAsync(
        string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        CallAsync(
            SystemCallNumber.Exec,
            w => w.Text(path).List(arguments, static (to, a) => to.Text(a)).Optional(environment, static (to, e) => CallValues.Write(to, e)));
}
