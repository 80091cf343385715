namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>A request that waits for a slot.</summary>
internal sealed class SlotWaiter : TaskCompletionSource
{
    public SlotWaiter(WorldLane lane)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Lane = lane;
        Node = new LinkedListNode<SlotWaiter>(this);
    }

    public WorldLane Lane { get; }

    public LinkedListNode<SlotWaiter> Node { get; }
}
