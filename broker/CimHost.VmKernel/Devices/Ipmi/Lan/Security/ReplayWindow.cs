namespace CimHost.VmKernel.Devices.Ipmi.Lan.Security;

/// <summary>
/// Session sequence numbers that were seen (IPMI 2.0 §6.12.12, §13.29): each is accepted once, out of order only up to 31 behind the
/// highest, and 0 never. A number is noted only after its packet proved authentic.
/// </summary>
public struct ReplayWindow
{
    private const int Width = 32;
    private uint _highest;
    private uint _seen;

    /// <summary>True when a packet with this number may be taken.</summary>
    public readonly bool Allows(uint sequence)
    {
        if (sequence == 0)
        {
            return false;
        }

        if (sequence > _highest)
        {
            return true;
        }

        uint behind = _highest - sequence;
        return behind < Width && (_seen >> (int)behind & 1) == 0;
    }

    /// <summary>Notes a number; false when it was not allowed.</summary>
    public bool TryAccept(uint sequence)
    {
        if (!Allows(sequence))
        {
            return false;
        }

        if (sequence > _highest)
        {
            uint ahead = sequence - _highest;
            _seen = ahead >= Width ? 1 : (_seen << (int)ahead) | 1;
            _highest = sequence;
        }
        else
        {
            _seen |= 1u << (int)(_highest - sequence);
        }

        return true;
    }
}
