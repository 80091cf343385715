using System.Collections.Immutable;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Worlds, users and groups.</summary>
internal sealed partial class WorldSystemCalls
{
    private const int MostGroups = 64;

    /// <inheritdoc/>
    public async ValueTask<int> GetpidAsync()
    {
        await thread.EnterAsync();
        return World.Id;
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetppidAsync()
    {
        await thread.EnterAsync();
        return World.ParentId;
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetpgidAsync(int id)
    {
        await thread.EnterAsync();
        return id == 0 ? World.ProcessGroup
            : id < 0 ? throw new KernelException(Errno.EINVAL, $"{id} is no world id.")
            : (Table.Find(id) ?? throw WorldTable.NoWorld(id)).ProcessGroup;
    }

    /// <inheritdoc/>
    public async ValueTask SetpgidAsync(int id, int group)
    {
        await thread.EnterAsync();
        Table.SetProcessGroup(World, id, group);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> GetEnvironmentAsync()
    {
        await thread.EnterAsync();
        return World.Environment;
    }

    /// <inheritdoc/>
    public async ValueTask<int> SpawnAsync(SpawnRequest request)
    {
        await thread.EnterAsync();
        return (await Table.SpawnAsync(request, World, thread.Mask)).Id;
    }

    /// <inheritdoc/>
    public async ValueTask ExecAsync(
        string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await thread.EnterAsync();
        await Table.ExecuteAsync(thread, path, arguments, environment);
        throw thread.Image.EndedException();
    }

    /// <inheritdoc/>
    public async ValueTask ExitAsync(int code)
    {
        await thread.EnterAsync();
        Table.Change(effects =>
        {
            Table.End(World, WaitStatus.Exited(code), null, effects);
            return true;
        });
        throw thread.Image.EndedException();
    }

    /// <inheritdoc/>
    public async ValueTask<WaitResult> WaitpidAsync(int id, WaitOptions options = WaitOptions.None)
    {
        await thread.EnterAsync();
        return await Table.WaitAsync(thread, id, options);
    }

    /// <inheritdoc/>
    public async ValueTask<WorldTimes> TimesAsync()
    {
        await thread.EnterAsync();
        return new WorldTimes(World.CpuTime, World.ChildrenCpuTime);
    }

    /// <inheritdoc/>
    public async ValueTask<ResourceLimit> GetrlimitAsync(ResourceLimitKind kind)
    {
        await thread.EnterAsync();
        return World.Resources[kind];
    }

    /// <inheritdoc/>
    public async ValueTask SetrlimitAsync(ResourceLimitKind kind, ResourceLimit limit)
    {
        await thread.EnterAsync();
        World.Resources = World.Resources.With(kind, limit, World.Credentials.IsPrivileged);
        World.Descriptors.Limit = (int)Math.Min(int.MaxValue, World.Resources.OpenFiles.Soft);
        World.Memory.Limit = Math.Max(1, World.Resources.Memory.Soft);
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetuidAsync()
    {
        await thread.EnterAsync();
        return World.Identity.RealUser;
    }

    /// <inheritdoc/>
    public async ValueTask<int> GeteuidAsync()
    {
        await thread.EnterAsync();
        return World.Identity.EffectiveUser;
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetgidAsync()
    {
        await thread.EnterAsync();
        return World.Identity.RealGroup;
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetegidAsync()
    {
        await thread.EnterAsync();
        return World.Identity.EffectiveGroup;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<int>> GetgroupsAsync()
    {
        await thread.EnterAsync();
        return World.Identity.Groups;
    }

    /// <inheritdoc/>
    public ValueTask SetuidAsync(int user) => ChangeIdentityAsync(i => i.SetUser(user));

    /// <inheritdoc/>
    public ValueTask SeteuidAsync(int user) => ChangeIdentityAsync(i => i.SetEffectiveUser(user));

    /// <inheritdoc/>
    public ValueTask SetgidAsync(int group) => ChangeIdentityAsync(i => i.SetGroup(group));

    /// <inheritdoc/>
    public ValueTask SetegidAsync(int group) => ChangeIdentityAsync(i => i.SetEffectiveGroup(group));

    /// <inheritdoc/>
    public ValueTask SetgroupsAsync(IReadOnlyList<int> groups) => ChangeIdentityAsync(i =>
        groups.Count > MostGroups || groups.Any(static g => g < 0)
            ? throw new KernelException(Errno.EINVAL, $"setgroups: at most {MostGroups} groups, none negative.")
        : i.EffectiveUser != 0
            ? throw new KernelException(Errno.EPERM, "Only root sets the supplementary groups.")
        : i with { Groups = [.. groups] });

    private async ValueTask ChangeIdentityAsync(Func<UserIdentity, UserIdentity> change)
    {
        await thread.EnterAsync();
        Table.Change(_ => World.Identity = change(World.Identity));
    }
}
