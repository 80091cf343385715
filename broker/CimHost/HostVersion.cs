namespace CimHost;

/// <summary>The version of this program.</summary>
internal static class HostVersion
{
    /// <summary>Three numbers with dots: also the build of the image that a first start puts into its boot bank.</summary>
    public static string Text { get; } = typeof(HostVersion).Assembly.GetName().Version!.ToString(3);
}
