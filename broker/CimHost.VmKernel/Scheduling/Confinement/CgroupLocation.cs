namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>Where the control group of this process is (cgroups(7), proc(5)): its directory, or the reason why there is none to use.</summary>
internal sealed record CgroupLocation(string? Path, string? Reason)
{
    private const string V2 = "0::";

    /// <summary>Looks in /proc/self/cgroup for the group and in /proc/self/mounts for the place where version 2 is mounted.</summary>
    public static CgroupLocation Find(string systemRoot)
    {
        try
        {
            string? mount = null;
            foreach (string line in File.ReadLines(System.IO.Path.Join(systemRoot, "proc/self/mounts")))
            {
                // device mount-point type options; the mount point has spaces as \040.
                string[] fields = line.Split(' ');
                if (fields.Length > 2 && fields[2] == "cgroup2")
                {
                    mount = fields[1].Replace("\\040", " ", StringComparison.Ordinal);
                    break;
                }
            }

            string? group = File.ReadLines(System.IO.Path.Join(systemRoot, "proc/self/cgroup")).FirstOrDefault(l => l.StartsWith(V2, StringComparison.Ordinal))?[V2.Length..];
            if (mount is null || group is null)
            {
                return new CgroupLocation(null, "this system has no control groups of version 2 mounted");
            }

            return group.StartsWith('/') && !group.Split('/').Contains("..")
                ? new CgroupLocation(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.Join(systemRoot, mount.TrimStart('/'), group)), null)
                : new CgroupLocation(null, $"the control group of this process ({group}) lies outside what it can see");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CgroupLocation(null, $"the control group of this process cannot be found: {e.Message}");
        }
    }
}
