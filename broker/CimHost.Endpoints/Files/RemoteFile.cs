namespace CimHost.Endpoints.Files;

/// <summary>A file or directory as a client sees it.</summary>
/// <param name="Name">Last name of its path.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Size">Size in bytes; 0 for directories.</param>
/// <param name="LastModified">When its content changed last.</param>
/// <param name="Version">Changes with every change of the content, and is the same as long as it stays: the entity tag.</param>
/// <param name="IsWritable">Whether the caller may replace it.</param>
public sealed record RemoteFile(string Name, bool IsDirectory, long Size, DateTimeOffset LastModified, string Version, bool IsWritable);
