namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on users and groups.</summary>
public interface IIdentityCalls
{
    /// <summary>getuid().</summary>
    ValueTask<int> GetuidAsync();

    /// <summary>geteuid().</summary>
    ValueTask<int> GeteuidAsync();

    /// <summary>getgid().</summary>
    ValueTask<int> GetgidAsync();

    /// <summary>getegid().</summary>
    ValueTask<int> GetegidAsync();

    /// <summary>getgroups().</summary>
    ValueTask<IReadOnlyList<int>> GetgroupsAsync();

    /// <summary>setuid().</summary>
    ValueTask SetuidAsync(int user);

    /// <summary>seteuid().</summary>
    ValueTask SeteuidAsync(int user);

    /// <summary>setgid().</summary>
    ValueTask SetgidAsync(int group);

    /// <summary>setegid().</summary>
    ValueTask SetegidAsync(int group);

    /// <summary>setgroups(): root only, at most 64.</summary>
    ValueTask SetgroupsAsync(IReadOnlyList<int> groups);
}
