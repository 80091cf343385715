namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>
/// All that the tree of the host and the worlds of the kernel answer differently from Linux on the same script. Where they differ the host follows the text of
/// POSIX.1-2017; nothing else may differ.
/// </summary>
internal static class PosixDifferences
{
    private static readonly Dictionary<string, (string Vfs, string Linux, string Why)> s_all = new()
    {
        ["unlink-directory"] = ("EPERM", "EISDIR", "POSIX unlink(): EPERM when the path names a directory and unlink() on directories is prohibited."),
        ["rename-dot"] = ("EINVAL", "EBUSY", "POSIX rename(): EINVAL when the last component of either path is dot or dot-dot."),
        ["lseek-overflow"] = ("EOVERFLOW", "EINVAL", "POSIX lseek(): EOVERFLOW when the resulting offset cannot be represented."),
        ["read-removed"] = (string.Empty, "ENOENT", "POSIX rmdir(): dot and dot-dot are removed with the directory, so that reading it finds the end."),
        ["protected-link"] = ("EACCES", "EPERM", "Linux forbids links to files that the user does not own and cannot write (fs.protected_hardlinks); POSIX has no such rule."),
        ["other-signals"] = ("EINVAL", "default", "The kernel has twelve of POSIX's signals; any other number is EINVAL, as POSIX sigaction() says of an unsupported signal."),
    };

    public static IReadOnlyDictionary<string, (string Vfs, string Linux, string Why)> All => s_all;

    public static string Expected(string key, bool isLinux) => isLinux ? s_all[key].Linux : s_all[key].Vfs;
}
