namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>How the way of a page to the swap file ended.</summary>
/// <param name="Frame">The frame that is free now; null when the page stays in memory.</param>
/// <param name="IsSlotFree">Whether the slot is not needed.</param>
/// <param name="IsPageGone">Whether the page was freed meanwhile.</param>
internal readonly record struct Eviction(Frame? Frame, bool IsSlotFree, bool IsPageGone);
