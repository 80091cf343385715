using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Scheduling;

/// <summary>What the workers do.</summary>
public sealed partial class FairScheduler
{
    private int _stuck;

    // As many as configured are to be free for work, beside the stuck ones.
    private void StartMissingWorkers()
    {
        var starting = new List<Worker>();
        lock (_gate)
        {
            int wanted = _stopping ? 0 : _options.Workers + Math.Min(_stuck, _options.MaxReplacements);
            while (_workers.Count < wanted)
            {
                var worker = new Worker();
                _workers.Add(worker);
                starting.Add(worker);
            }
        }

        foreach (Worker worker in starting)
        {
            new Thread(Run) { IsBackground = true, Name = "world worker" }.Start(worker);
        }
    }

    private void Run(object? state)
    {
        var worker = (Worker)state!;
        worker.Enter();
        while (NextTurn(worker) is { } item)
        {
            do
            {
                item.Source.Execute(item.Task);
            }
            while (Continues(worker, ref item));
        }

        StartMissingWorkers();
    }

    // Waits for work; null when the worker is to end.
    private WorkItem? NextTurn(Worker worker)
    {
        lock (_gate)
        {
            while (!_stopping && !worker.IsStuck)
            {
                long now = Now();
                if (_queue.Pick(now, out WorkItem item, out long slice) is { } world)
                {
                    Begin(worker, world, item, now, slice);
                    return item;
                }

                _idle++;
                if (_queue.HasWork)
                {
                    // Limits hold back what there is, and a period brings it back.
                    Monitor.Wait(_gate, (int)(_queue.UntilRefill(now) / 1_000_000) + 1);
                }
                else
                {
                    Monitor.Wait(_gate);
                }

                _idle--;
            }

            _workers.Remove(worker);
            if (worker.IsStuck)
            {
                _stuck--;
            }

            if (worker.IsConfined)
            {
                _confined--;
            }

            return null;
        }
    }

    private void Begin(Worker worker, WorldNode world, WorkItem item, long now, long slice)
    {
        worker.World = world;
        worker.Source = item.Source;
        worker.CpuAtStart = ThreadClock.Now();
        worker.SourceMark = worker.CpuAtStart;
        worker.Charged = 0;
        worker.ItemStart = now;
        worker.SliceEnd = now + slice;
        worker.IsYielding = false;

        // Whoever queued by a yield woke nobody, and a pulse may have found this worker only.
        if (_idle > 0 && _queue.HasWork)
        {
            Monitor.Pulse(_gate);
        }
    }

    // The next item of the same world while its turn lasts.
    private bool Continues(Worker worker, ref WorkItem item)
    {
        lock (_gate)
        {
            long now = Now();
            WorldNode world = worker.World!;
            worker.IsYielding = false;
            if (!_stopping && !worker.IsStuck && now < worker.SliceEnd && RunQueue.TryTake(world, out item))
            {
                if (item.Source != worker.Source)
                {
                    SettleSource(worker, ThreadClock.Now());
                    worker.Source = item.Source;
                }

                worker.ItemStart = now;
                return true;
            }

            long cpu = ThreadClock.Now();
            SettleSource(worker, cpu);
            _queue.Charge(world, Math.Max(0, cpu - worker.CpuAtStart - worker.Charged), now);
            _queue.EndTurn(world, now);
            worker.World = null;
            worker.Source = null;
            return false;
        }
    }

    private static void SettleSource(Worker worker, long cpu)
    {
        worker.Source!.AddCpu(Math.Max(0, cpu - worker.SourceMark));
        worker.SourceMark = cpu;
    }

    // Under the gate: what a turn that is not over has used until now.
    private void ChargeSoFar(Worker worker, long now)
    {
        if (worker.World is not { } world)
        {
            return;
        }

        long cpu = ThreadClock.Read(worker.Clock);
        long used = cpu - worker.CpuAtStart - worker.Charged;
        if (used > 0)
        {
            worker.Charged += used;
            SettleSource(worker, cpu);
            _queue.Charge(world, used, now);
        }
    }
}
