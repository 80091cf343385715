using CimHost.Alerts.Engine;
using Xunit;

namespace CimHost.Alerts.Tests.Engine;

public class AlertEngineTests
{
    private static readonly Limit s_warning = new("UpperThresholdNonCritical", 80, true, PerceivedSeverity.Degraded, 5);
    private static readonly Limit s_critical = new("UpperThresholdCritical", 90, true, PerceivedSeverity.Critical, 5);

    [Fact]
    public void A_crossed_threshold_raises_one_alert_and_its_return_clears_it_by_name()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(85));
        bed.Poll(Temperature(86));
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(50));

        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
        AlertEvent raised = bed.Events[0], cleared = bed.Events[1];
        Assert.Equal((PerceivedSeverity.Degraded, 85.0, 80.0, "UpperThresholdNonCritical", "C"), (raised.Alert.Severity, raised.Alert.Reading, raised.Alert.Threshold, raised.Alert.Condition, raised.Alert.Units));
        Assert.Equal(raised.Identity, cleared.Correlated);
        Assert.Equal(raised.Alert.Id, cleared.Alert.Id);
        Assert.NotEqual(raised.Identity, cleared.Identity);
        Assert.Equal([1L, 2L], bed.Events.Select(e => e.Sequence));
        Assert.Empty(bed.Engine.OpenAlerts);
        Assert.Contains("85 C", raised.Alert.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_swings_inside_the_hysteresis_are_one_alert()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(50));
        for (int i = 0; i < 100; i++)
        {
            bed.Poll(Temperature(i % 2 == 0 ? 81 : 76));
        }

        AlertEvent only = Assert.Single(bed.Events);
        Assert.Equal(AlertEventType.Raised, only.Type);
        bed.Poll(Temperature(75));
        Assert.Equal(AlertEventType.Cleared, bed.Events[1].Type);
    }

    [Fact]
    public void A_worse_threshold_changes_the_alert()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(85));
        bed.Poll(Temperature(95));
        bed.Poll(Temperature(86));
        bed.Poll(Temperature(84));
        Assert.Equal(
            [(AlertEventType.Raised, PerceivedSeverity.Degraded), (AlertEventType.Changed, PerceivedSeverity.Critical), (AlertEventType.Changed, PerceivedSeverity.Degraded)],
            bed.Events.Select(e => (e.Type, e.Alert.Severity)));
        Assert.All(bed.Events, e => Assert.Equal(1, e.Alert.Id));
    }

    [Fact]
    public void Old_faults_are_no_new_alerts_and_their_worsening_is_one()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(85));
        bed.Poll(Temperature(85));
        Assert.Empty(bed.Events);
        bed.Restart();
        bed.Poll(Temperature(85));
        Assert.Empty(bed.Events);
        bed.Poll(Temperature(95));
        Assert.Equal(PerceivedSeverity.Critical, Assert.Single(bed.Events).Alert.Severity);
    }

    [Fact]
    public void An_old_fault_that_ends_and_comes_back_is_an_alert()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(85));
        bed.Poll(Temperature(50));
        Assert.Empty(bed.Events);
        bed.Poll(Temperature(85));
        Assert.Single(bed.Events);
    }

    [Fact]
    public void A_restart_neither_repeats_nor_forgets()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(85));
        bed.Restart();
        Assert.Single(bed.Engine.OpenAlerts);
        bed.Poll(Temperature(85));
        Assert.Single(bed.Events);
        bed.Restart();
        bed.Poll(Temperature(50));
        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
        Assert.Equal(bed.Events[0].Identity, bed.Events[1].Correlated);

        // What was seen but not told when the host died is told by the next one.
        bed.Engine.Observe("package", "Sensors", [Temperature(85)]);
        bed.Restart();
        bed.Poll(Temperature(85));
        Assert.Equal([1L, 2L, 3L], bed.Events.Select(e => e.Sequence));
    }

    [Fact]
    public void A_dead_power_supply_is_one_alert_with_its_consequences()
    {
        using var bed = new EngineBed();
        Observation[] Supply(bool dead) =>
        [
            State("psu1", "PSU1", dead ? PerceivedSeverity.Critical : PerceivedSeverity.Information, "psu1") with { IsDevice = true, DeviceKind = "power" },
            State("status", "PSU1 Status", dead ? PerceivedSeverity.Critical : PerceivedSeverity.Information, "psu1", "Power supply input lost") with { DeviceKind = "power" },
            .. Enumerable.Range(1, 6).Select(i => State($"sensor{i}", $"PSU1 Sensor {i}", dead ? PerceivedSeverity.Critical : PerceivedSeverity.Information, "psu1") with { Reading = dead ? 0 : 12, Limits = [new Limit("LowerThresholdCritical", 10, false, PerceivedSeverity.Critical, 0)] }),
            State("redundancy", "PSU Redundancy", dead ? PerceivedSeverity.Degraded : PerceivedSeverity.Information, "redundancy", "Redundancy Lost") with { Redundancy = "power" },
        ];
        bed.Poll(Supply(false));
        bed.Poll(Supply(true));
        bed.Poll(Supply(true));
        bed.Poll(Supply(true));
        AlertEvent raised = Assert.Single(bed.Events);
        Assert.Equal("PSU1 Status: Power supply input lost", raised.Alert.Message);
        Assert.Equal(8, Assert.Single(bed.Engine.OpenAlerts).Consequences.Count);
        Assert.Contains("PSU Redundancy", bed.Engine.OpenAlerts[0].Consequences);
        bed.Poll(Supply(false));
        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
    }

    [Fact]
    public void Redundancy_that_is_lost_without_a_known_cause_is_an_alert_of_its_own()
    {
        using var bed = new EngineBed();
        Observation lost = State("redundancy", "PSU Redundancy", PerceivedSeverity.Degraded, "redundancy", "Redundancy Lost") with { Redundancy = "power" };
        bed.Poll(lost with { Severity = PerceivedSeverity.Information });
        bed.Poll(lost);
        Assert.Empty(bed.Events);
        bed.Poll(lost);
        bed.Poll(lost);
        Assert.Single(bed.Events);
    }

    [Fact]
    public void What_does_not_answer_is_one_alert_and_no_wave_of_criticals()
    {
        using var bed = new EngineBed();
        Observation[] sensors = [.. Enumerable.Range(0, 50).Select(i => State($"s{i}", $"Sensor {i}", PerceivedSeverity.Information, $"s{i}"))];
        bed.Poll(sensors);
        bed.Poll([.. sensors.Select(s => s with { State = ObservedState.Unreadable, Reason = "no answer", Severity = PerceivedSeverity.Critical })]);
        Assert.Empty(bed.Events);
        bed.Poll([.. sensors.Select(s => s with { State = ObservedState.Unreadable, Reason = "no answer", Severity = PerceivedSeverity.Critical })]);
        AlertEvent raised = Assert.Single(bed.Events);
        Assert.Equal(AlertKind.Communication, raised.Alert.Kind);
        bed.Poll(sensors);
        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
    }

    [Fact]
    public void A_class_that_cannot_be_read_is_a_lost_communication_and_nothing_vanishes()
    {
        using var bed = new EngineBed();
        bed.Poll(Disk("d1"), Disk("d2"));
        for (int i = 0; i < 3; i++)
        {
            bed.Engine.Observe("package", "Sensors", [Disk("d1")], "the controller does not answer");
            bed.Settle();
        }

        AlertEvent raised = Assert.Single(bed.Events);
        Assert.Equal(AlertKind.Communication, raised.Alert.Kind);
        Assert.Contains("the controller does not answer", raised.Alert.Message, StringComparison.Ordinal);
        bed.Poll(Disk("d1"), Disk("d2"));
        Assert.Equal(AlertEventType.Cleared, bed.Events[1].Type);
    }

    [Fact]
    public void What_a_rule_says_is_not_to_be_watched_ends_its_alert_and_is_no_device_that_was_taken_away()
    {
        using var bed = new EngineBed();
        bed.Poll(Disk("d1"), Disk("d2"));
        bed.Poll(Disk("d1") with { Severity = PerceivedSeverity.Critical }, Disk("d2"));
        Observation first = Disk("d1") with { State = ObservedState.Ignored }, second = Disk("d2") with { State = ObservedState.Ignored };
        bed.Poll(first, second);
        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
        Assert.Equal("d1 is not watched any more", bed.Events[1].Alert.Message);
        bed.Restart();
        bed.Poll(first, second);
        bed.Poll();
        Assert.Equal(2, bed.Events.Count);

        // Watched again, it is looked at as what was never seen.
        bed.Poll(Disk("d1") with { Severity = PerceivedSeverity.Critical }, Disk("d2"));
        Assert.Equal(AlertEventType.Raised, bed.Events[2].Type);
    }

    [Fact]
    public void A_class_that_is_not_looked_at_any_more_ends_all_its_alerts()
    {
        using var bed = new EngineBed();
        bed.Poll(Disk("d1"), Temperature(50));
        bed.Poll(Disk("d1"), Temperature(95));
        bed.Engine.Observe("package", "Sensors", [], "the controller does not answer");
        bed.Engine.Observe("package", "Sensors", [], "the controller does not answer");
        bed.Settle();
        Assert.Equal(2, bed.Engine.OpenAlerts.Count);
        bed.Engine.Ignore("package", "Sensors");
        bed.Settle();
        Assert.Empty(bed.Engine.OpenAlerts);
        Assert.Equal(["CPU Temp is not watched any more", "package, Sensors is not watched any more"], bed.Events.Where(e => e.Type == AlertEventType.Cleared).Select(e => e.Alert.Message).Order());
        bed.Restart();
        bed.Engine.Ignore("package", "Sensors");
        bed.Settle();
        Assert.Equal(4, bed.Events.Count);
    }

    [Fact]
    public void A_sensor_that_vanishes_ends_its_alert_and_says_so()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(95));
        bed.Poll();
        Assert.Equal("CPU Temp is not there any more", bed.Events[1].Alert.Message);
        bed.Poll(Temperature(95));
        bed.Poll(Temperature(50));
        Assert.Equal("CPU Temp is in order again", bed.Events[3].Alert.Message);
    }

    [Fact]
    public void What_does_not_answer_is_not_told_again_after_a_restart_though_other_classes_of_its_package_answer()
    {
        using var bed = new EngineBed();
        bed.Poll(Disk("d1"));
        Look(answers: false);
        Look(answers: false);
        Assert.Equal(AlertKind.Communication, Assert.Single(bed.Events).Alert.Kind);
        bed.Restart();
        Look(answers: false);
        Look(answers: false);
        Look(answers: false);
        Assert.Single(bed.Events);
        bed.Restart();
        Look(answers: true);
        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
        bed.Restart();
        Look(answers: true);
        Assert.Equal(2, bed.Events.Count);

        // The class that is asked first answers, and another one is not looked at.
        void Look(bool answers)
        {
            bed.Engine.Observe("package", "Others", []);
            bed.Engine.Ignore("package", "Ignored");
            bed.Engine.Observe("package", "Sensors", answers ? [Disk("d1")] : [], answers ? null : "the controller does not answer");
            bed.Settle();
        }
    }

    [Fact]
    public void Sensors_that_do_not_answer_are_not_told_again_after_a_restart()
    {
        using var bed = new EngineBed();
        Observation silent = Disk("d1") with { State = ObservedState.Unreadable, Reason = "no answer in time" };
        bed.Poll(Disk("d1"), Disk("d2"));
        bed.Poll(silent, Disk("d2"));
        bed.Poll(silent, Disk("d2"));
        Assert.Single(bed.Events);
        bed.Restart();
        bed.Poll(silent, Disk("d2"));
        bed.Poll(silent, Disk("d2"));
        Assert.Single(bed.Events);
        bed.Poll(Disk("d1"), Disk("d2"));
        Assert.Equal([AlertEventType.Raised, AlertEventType.Cleared], bed.Events.Select(e => e.Type));
    }

    [Fact]
    public void A_disk_that_is_pulled_out_is_an_alert_until_it_is_back_or_acknowledged()
    {
        using var bed = new EngineBed();
        bed.Poll(Disk("d1"), Disk("d2"));
        bed.Poll(Disk("d1"));
        Assert.Equal("Removed", Assert.Single(bed.Events).Alert.Condition);
        bed.Poll(Disk("d1"), Disk("d2"));
        Assert.Equal(AlertEventType.Cleared, bed.Events[1].Type);
        bed.Poll(Disk("d1"));
        bed.Restart();
        bed.Engine.Acknowledge(Assert.Single(bed.Engine.OpenAlerts).Id, "root");
        Assert.Empty(bed.Engine.OpenAlerts);
        bed.Poll(Disk("d1"));
        bed.Restart();
        bed.Poll(Disk("d1"));
        Assert.Empty(bed.Engine.OpenAlerts);
    }

    [Fact]
    public void An_absent_sensor_is_not_bad()
    {
        using var bed = new EngineBed();
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(0) with { State = ObservedState.Absent, Severity = PerceivedSeverity.Critical });
        bed.Poll(Temperature(50) with { State = ObservedState.Unknown, Severity = PerceivedSeverity.Critical });
        Assert.Empty(bed.Events);
    }

    [Fact]
    public void N_of_m_readings_have_to_be_bad()
    {
        using var bed = new EngineBed();
        Observation At(double reading) => Temperature(reading) with { BadReadings = 2, OfReadings = 3 };
        bed.Poll(At(50));
        bed.Poll(At(85));
        bed.Poll(At(50));
        bed.Poll(At(50));
        Assert.Empty(bed.Events);
        bed.Poll(At(85));
        bed.Poll(At(50));
        bed.Poll(At(85));
        Assert.Single(bed.Events);
    }

    [Fact]
    public void Flapping_is_told_once_and_then_its_end()
    {
        using var bed = new EngineBed(new AlertOptions { FlapChanges = 3, FlapSeconds = 600 });
        bed.Poll(Temperature(50));
        for (int i = 0; i < 20; i++)
        {
            bed.Poll(Temperature(85));
            bed.Poll(Temperature(50));
        }

        Assert.Equal("Flapping", bed.Events[^1].Alert.Condition);
        Assert.Equal(8, bed.Events.Count);
        bed.Time.Advance(TimeSpan.FromSeconds(700));
        bed.Settle();
        bed.Settle();
        Assert.Equal(AlertEventType.Cleared, bed.Events[^1].Type);
        Assert.Equal(9, bed.Events.Count);
    }

    [Fact]
    public void Daily_pacing_repeats_until_acknowledged()
    {
        using var bed = new EngineBed(new AlertOptions { Pacing = AlertPacing.Daily });
        bed.Poll(Temperature(50));
        bed.Poll(Temperature(85));
        for (int day = 0; day < 2; day++)
        {
            bed.Time.Advance(TimeSpan.FromDays(1));
            bed.Settle();
            bed.Poll(Temperature(85));
        }

        Assert.Equal([AlertEventType.Raised, AlertEventType.Repeated, AlertEventType.Repeated], bed.Events.Select(e => e.Type));
        Alert acknowledged = bed.Engine.Acknowledge(1, "operator")!;
        Assert.Equal("operator", acknowledged.AcknowledgedBy);
        bed.Time.Advance(TimeSpan.FromDays(1));
        bed.Settle();
        Assert.Equal(3, bed.Events.Count);
    }

    [Fact]
    public void Log_entries_are_told_once_and_not_beside_the_sensor_that_they_are_about()
    {
        using var bed = new EngineBed();
        var old = new LogObservation("1", "e1", "Entry", "", "Old", "Old fault", PerceivedSeverity.Critical, true);
        bed.Engine.ObserveLog("Log", [old]);
        bed.Settle();
        Assert.Empty(bed.Events);
        var memory = new LogObservation("2", "e2", "Entry", "", "Memory", "Uncorrectable ECC", PerceivedSeverity.Critical, true);
        bed.Engine.ObserveLog("Log", [old, memory]);
        bed.Settle();
        bed.Engine.ObserveLog("Log", [old, memory]);
        bed.Settle();
        bed.Restart();
        bed.Engine.ObserveLog("Log", [old, memory]);
        bed.Settle();
        Assert.Equal("Memory: Uncorrectable ECC", Assert.Single(bed.Events).Alert.Message);

        bed.Poll(Temperature(50));
        bed.Poll(Temperature(95));
        bed.Engine.ObserveLog("Log", [old, memory, new LogObservation("3", "e3", "Entry", "t1", "Temp", "Upper Critical", PerceivedSeverity.Critical, true)]);
        bed.Settle();
        Assert.Equal(2, bed.Events.Count);
    }

    [Fact]
    public void A_log_entry_that_is_read_before_its_sensor_is_told_by_the_sensor_alone()
    {
        using var bed = new EngineBed();
        var entry = new LogObservation("3", "e3", "Entry", "t1", "Temp", "Upper Critical", PerceivedSeverity.Critical, true);
        bed.Engine.ObserveLog("Log", []);
        bed.Poll(Temperature(50));
        bed.Engine.ObserveLog("Log", [entry]);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        bed.Engine.Tick();
        Assert.Empty(bed.Events);
        bed.Poll(Temperature(95));
        bed.Settle();
        Assert.Equal(AlertKind.Threshold, Assert.Single(bed.Events).Alert.Kind);

        // A sensor that is well by then says nothing of it: the entry is told.
        bed.Poll(Temperature(50));
        bed.Engine.ObserveLog("Log", [entry, entry with { Entry = "4", Source = "e4" }]);
        bed.Poll(Temperature(50));
        bed.Settle();
        Assert.Equal(AlertKind.Log, bed.Events[^1].Alert.Kind);
    }

    [Fact]
    public void A_storm_is_paced_and_summed_up_and_ends_in_the_truth()
    {
        using var bed = new EngineBed(new AlertOptions { EventsPerMinute = 100, PollSeconds = 1, FlapChanges = 0 });
        Observation[] Sensors(int bad) => [.. Enumerable.Range(0, 1000).Select(i => State($"s{i}", $"Sensor {i}", bad == 2 ? (i < 30 ? PerceivedSeverity.Critical : PerceivedSeverity.Information) : bad == 1 ? PerceivedSeverity.Critical : PerceivedSeverity.Information, $"s{i}"))];
        bed.Engine.Observe("package", "Sensors", Sensors(0));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 100; i++)
        {
            bed.Engine.Observe("package", "Sensors", Sensors(i % 2 == 0 ? 1 : 0));
            bed.Time.Advance(TimeSpan.FromSeconds(0.6));
            bed.Engine.Tick();
        }

        Assert.InRange(bed.Events.Count, 100, 205);
        bed.Engine.Observe("package", "Sensors", Sensors(2));
        for (int i = 0; i < 600; i++)
        {
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            bed.Engine.Tick();
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20 << 20);
        Assert.Equal(30, bed.Engine.OpenAlerts.Count);
        AlertEvent summary = Assert.Single(bed.Events, e => e.Alert.Kind == AlertKind.Summary);
        Assert.Contains("were not told one by one", summary.Alert.Message, StringComparison.Ordinal);
        foreach (IGrouping<long, AlertEvent> alert in bed.Events.Where(e => e.Alert.Kind == AlertKind.State).GroupBy(e => e.Alert.Id))
        {
            Assert.Equal(AlertEventType.Raised, alert.First().Type);
            Assert.True(alert.Count() == 2 ? alert.Last().Type == AlertEventType.Cleared : alert.Count() == 1, $"alert {alert.Key}");
        }

        Assert.Equal(Enumerable.Range(1, bed.Events.Count).Select(i => (long)i), bed.Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_receiver_gets_each_event_in_order_over_failures_and_restarts()
    {
        using var bed = new EngineBed();
        var got = new List<string>();
        int attempts = 0;
        var receiver = new Receiver(e =>
        {
            if (++attempts % 3 == 0)
            {
                // What a receiver says when it fails, and what it does when it is broken.
                throw attempts % 2 == 0 ? new InvalidOperationException("broken") : new IOException("busy");
            }

            got.Add(e.Identity);
        });
        bed.Engine.ReceiverPosition("r");
        for (int i = 0; i < 10; i++)
        {
            bed.Engine.Test($"test {i}", PerceivedSeverity.Information);
        }

        for (int part = 1; part <= 2; part++)
        {
            using var stop = new CancellationTokenSource();
            var delivery = new Receivers.AlertDelivery(bed.Engine, "r", receiver, _ => true, TimeSpan.FromSeconds(5), bed.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            Task run = delivery.RunAsync(stop.Token);
            while (got.Count < part * 5 && !run.IsCompleted)
            {
                bed.Time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            await stop.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            bed.Restart();
        }

        Assert.Equal(bed.Events.Select(e => e.Identity), got.Distinct());
        Assert.InRange(got.Count, 10, 11);
    }

    private static Observation Temperature(double reading) => State("DeviceID=\"t1\"", "CPU Temp", PerceivedSeverity.Information, "t1") with { Reading = reading, Units = "C", Limits = [s_warning, s_critical] };

    private static Observation Disk(string id) => State(id, id, PerceivedSeverity.Information, id) with { IsDevice = true, DeviceKind = "disk" };

    private static Observation State(string source, string name, PerceivedSeverity severity, string group, string text = "") =>
        new() { Source = source, SourceClass = "CIM_Sensor", Name = name, Group = group, Severity = severity, StateText = text };

    private sealed class Receiver(Action<AlertEvent> send) : IAlertReceiver
    {
        public Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
        {
            send(alertEvent);
            return Task.CompletedTask;
        }
    }
}
