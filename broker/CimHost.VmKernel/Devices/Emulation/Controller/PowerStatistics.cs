namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Power that was measured since the machine was opened: present, least, most, average.</summary>
internal sealed class PowerStatistics
{
    private double _sum;
    private long _count;
    private double _least = double.MaxValue;
    private double _most;
    private double _sampledAt = double.NegativeInfinity;

    /// <summary>The last sample in watts; null when there was no reading.</summary>
    public ushort? Current { get; private set; }

    public ushort Least => _count == 0 ? (ushort)0 : Watts(_least);

    public ushort Most => _count == 0 ? (ushort)0 : Watts(_most);

    public ushort Average => _count == 0 ? (ushort)0 : Watts(_sum / _count);

    /// <summary>Takes a sample; those that come earlier than the sampling period only renew the present value.</summary>
    public void Sample(double? watts, double now, int periodSeconds)
    {
        Current = watts is { } known ? Watts(known) : null;
        if (watts is not { } value || now - _sampledAt < periodSeconds)
        {
            return;
        }

        _sampledAt = now;
        _sum += value;
        _count++;
        (_least, _most) = (Math.Min(_least, value), Math.Max(_most, value));
    }

    private static ushort Watts(double value) => (ushort)Math.Clamp(Math.Round(value), 0, ushort.MaxValue);
}
