using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>
/// A ceiling on processor time: each period brings a quota, what is left of it is lost at the period's end, what was taken beyond it is
/// paid back out of the next ones. Times in nanoseconds.
/// </summary>
internal sealed class LimitBucket
{
    private const long NanosecondsPerMicro = 1_000;
    private long _limit = ResourceAllocation.Unlimited;
    private long _quota;
    private long _tokens;
    private long _period;
    private long _emptySince = -1;
    private long _empty;

    /// <summary>What may still be used in this period; very large without a limit.</summary>
    public long Left => _limit == ResourceAllocation.Unlimited ? long.MaxValue / 4 : _tokens;

    /// <summary>Hands out what the time since the last call brings.</summary>
    /// <param name="limit">Millicores.</param>
    /// <param name="now">Time.</param>
    /// <param name="period">Length of a period.</param>
    public void Refill(long limit, long now, long period)
    {
        long current = now / period;
        if (limit != _limit)
        {
            Change(limit, now, period, current);
            return;
        }

        if (_limit == ResourceAllocation.Unlimited || current == _period)
        {
            return;
        }

        // A debt is paid period by period; the first one that leaves something is where the waiting ended.
        long need = _tokens > 0 ? 0 : (-_tokens / _quota) + 1;
        long passed = current - _period;
        if (_emptySince >= 0 && passed >= need)
        {
            _empty += Math.Max(0, ((_period + need) * period) - _emptySince);
            _emptySince = -1;
        }

        _tokens = passed > need ? _quota : Math.Min(_quota, _tokens + (passed * _quota));
        _period = current;
    }

    /// <summary>Takes processor time that was used.</summary>
    public void Take(long used, long now)
    {
        if (_limit == ResourceAllocation.Unlimited)
        {
            return;
        }

        _tokens -= used;
        if (_tokens <= 0 && _emptySince < 0)
        {
            _emptySince = now;
        }
    }

    /// <summary>How long the quota has been used up, all in all.</summary>
    public long EmptyTime(long now) => _empty + (_emptySince < 0 ? 0 : Math.Max(0, now - _emptySince));

    private void Change(long limit, long now, long period, long current)
    {
        if (_emptySince >= 0)
        {
            _empty += Math.Max(0, now - _emptySince);
            _emptySince = -1;
        }

        // limit millicores of a period: limit × period / 1000, at least a microsecond so that debts end.
        _quota = limit == ResourceAllocation.Unlimited ? 0 : (long)Math.Clamp((double)limit * period / 1_000, NanosecondsPerMicro, long.MaxValue / 8);
        (_limit, _tokens, _period) = (limit, _quota, current);
    }
}
