namespace CimHost.VmKernel.SystemCalls;

/// <summary>For whom, and from where, a file is named.</summary>
/// <param name="Credentials">User and groups.</param>
/// <param name="WorkingDirectory">Absolute path that relative paths start from.</param>
/// <param name="Umask">Permission bits that files and directories do not get when they are made.</param>
/// <param name="WorldId">The world that asks, for /proc/self; 0 for the kernel.</param>
public readonly record struct FileContext(Credentials Credentials, string WorkingDirectory, int Umask, int WorldId = 0);
