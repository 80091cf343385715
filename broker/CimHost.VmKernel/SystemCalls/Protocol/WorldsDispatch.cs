using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Worlds, users and groups. How the kernel answers these requests.</summary>
internal static class WorldsDispatch
{
    /// <summary>For each call what is done: arguments are read from the request, the call is made, its results go to the answer.</summary>
    public static Dictionary<SystemCallNumber, SystemCallHandler> Handlers { get; } = new()
    {
        [SystemCallNumber.Getpid] = static async (k, r, w) => w.Int32(await k.GetpidAsync()),
        [SystemCallNumber.Getppid] = static async (k, r, w) => w.Int32(await k.GetppidAsync()),
        [SystemCallNumber.Getpgid] = static async (k, r, w) => w.Int32(await k.GetpgidAsync(r.Int32())),
        [SystemCallNumber.Setpgid] = static async (k, r, w) => await k.SetpgidAsync(r.Int32(), r.Int32()),
        [SystemCallNumber.GetEnvironment] = static async (k, r, w) => CallValues.Write(w, await k.GetEnvironmentAsync()),
        [SystemCallNumber.Spawn] = static async (k, r, w) => w.Int32(await k.SpawnAsync(CallValues.ReadSpawnRequest(r))),
        [SystemCallNumber.Exit] = static async (k, r, w) => await k.ExitAsync(r.Int32()),
        [SystemCallNumber.Waitpid] = static async (k, r, w) => CallValues.Write(w, await k.WaitpidAsync(r.Int32(), (WaitOptions)r.Int32())),
        [SystemCallNumber.Times] = static async (k, r, w) =>
        {
            WorldTimes result = await k.TimesAsync();
            w.Int64(result.Own.Ticks).Int64(result.Children.Ticks);
        },
        [SystemCallNumber.Getrlimit] = static async (k, r, w) =>
        {
            ResourceLimit result = await k.GetrlimitAsync((ResourceLimitKind)r.Int32());
            w.Int64(result.Soft).Int64(result.Hard);
        },
        [SystemCallNumber.Setrlimit] = static async (k, r, w) => await k.SetrlimitAsync((ResourceLimitKind)r.Int32(), new ResourceLimit(r.Int64(), r.Int64())),
        [SystemCallNumber.Getuid] = static async (k, r, w) => w.Int32(await k.GetuidAsync()),
        [SystemCallNumber.Geteuid] = static async (k, r, w) => w.Int32(await k.GeteuidAsync()),
        [SystemCallNumber.Getgid] = static async (k, r, w) => w.Int32(await k.GetgidAsync()),
        [SystemCallNumber.Getegid] = static async (k, r, w) => w.Int32(await k.GetegidAsync()),
        [SystemCallNumber.Getgroups] = static async (k, r, w) => w.List(await k.GetgroupsAsync(), static (to, x) => to.Int32(x)),
        [SystemCallNumber.Setuid] = static async (k, r, w) => await k.SetuidAsync(r.Int32()),
        [SystemCallNumber.Seteuid] = static async (k, r, w) => await k.SeteuidAsync(r.Int32()),
        [SystemCallNumber.Setgid] = static async (k, r, w) => await k.SetgidAsync(r.Int32()),
        [SystemCallNumber.Setegid] = static async (k, r, w) => await k.SetegidAsync(r.Int32()),
        [SystemCallNumber.Setgroups] = static async (k, r, w) => await k.SetgroupsAsync(r.List(static x => x.Int32())),
        [SystemCallNumber.Exec] = static async (k, r, w) =>
            await k.ExecAsync(r.Text(), r.List(static x => x.Text()), r.Optional(CallValues.ReadEnvironment)),
    };
}
