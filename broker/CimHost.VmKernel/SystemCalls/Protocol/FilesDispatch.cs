using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Files by path. How the kernel answers these requests.</summary>
internal static class FilesDispatch
{
    /// <summary>For each call what is done: arguments are read from the request, the call is made, its results go to the answer.</summary>
    public static Dictionary<SystemCallNumber, SystemCallHandler> Handlers { get; } = new()
    {
        [SystemCallNumber.Open] = static async (k, r, w) => w.Int32(await k.OpenAsync(r.Text(), (OpenFlags)r.Int32(), r.Int32())),
        [SystemCallNumber.Stat] = static async (k, r, w) => CallValues.Write(w, await k.StatAsync(r.Text())),
        [SystemCallNumber.Lstat] = static async (k, r, w) => CallValues.Write(w, await k.LstatAsync(r.Text())),
        [SystemCallNumber.Access] = static async (k, r, w) => await k.AccessAsync(r.Text(), (AccessMode)r.Int32()),
        [SystemCallNumber.Mkdir] = static async (k, r, w) => await k.MkdirAsync(r.Text(), r.Int32()),
        [SystemCallNumber.Rmdir] = static async (k, r, w) => await k.RmdirAsync(r.Text()),
        [SystemCallNumber.Unlink] = static async (k, r, w) => await k.UnlinkAsync(r.Text()),
        [SystemCallNumber.Link] = static async (k, r, w) => await k.LinkAsync(r.Text(), r.Text()),
        [SystemCallNumber.Symlink] = static async (k, r, w) => await k.SymlinkAsync(r.Text(), r.Text()),
        [SystemCallNumber.Readlink] = static async (k, r, w) => w.Text(await k.ReadlinkAsync(r.Text())),
        [SystemCallNumber.Rename] = static async (k, r, w) => await k.RenameAsync(r.Text(), r.Text()),
        [SystemCallNumber.Chmod] = static async (k, r, w) => await k.ChmodAsync(r.Text(), r.Int32()),
        [SystemCallNumber.Chown] = static async (k, r, w) => await k.ChownAsync(r.Text(), r.Int32(), r.Int32()),
        [SystemCallNumber.Lchown] = static async (k, r, w) => await k.LchownAsync(r.Text(), r.Int32(), r.Int32()),
        [SystemCallNumber.Utimens] = static async (k, r, w) => await k.UtimensAsync(r.Text(), new FileTime(r.Int64()), new FileTime(r.Int64()), r.Boolean()),
        [SystemCallNumber.Truncate] = static async (k, r, w) => await k.TruncateAsync(r.Text(), r.Int64()),
        [SystemCallNumber.Chdir] = static async (k, r, w) => await k.ChdirAsync(r.Text()),
        [SystemCallNumber.Getcwd] = static async (k, r, w) => w.Text(await k.GetcwdAsync()),
        [SystemCallNumber.Umask] = static async (k, r, w) => w.Int32(await k.UmaskAsync(r.Int32())),
    };
}
