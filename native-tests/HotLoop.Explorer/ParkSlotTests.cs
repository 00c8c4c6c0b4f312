using HotLoop.Explorer.Machines;
using HotLoop.Explorer.Rewriting;
using Xunit.Abstractions;

namespace HotLoop.Explorer;

public sealed class ParkSlotTests(ITestOutputHelper output) : ExplorerTests(output)
{
    private const string Hangs = "nobody can go on";

    [Fact]
    public void No_event_is_lost_to_one_who_parks() => Holds("ParkSlot: event, start", ParkMachine.EventMeetsStart);

    [Fact]
    public void No_event_is_lost_to_one_who_sends() => Holds("ParkSlot: event, send", ParkMachine.EventMeetsSend);

    [Fact]
    public void No_event_is_lost_to_one_whom_a_deadline_refuses() => Holds("ParkSlot: event, refusal, start", ParkMachine.EventMeetsRefusal);

    [Fact]
    public void No_Close_is_lost_to_one_who_parks() => Holds("ParkSlot: Close, start", ParkMachine.CloseMeetsStart);

    [Fact]
    public void Close_and_an_event_end_an_operation_once() => Holds("ParkSlot: Close, event, start", ParkMachine.CloseMeetsEvent);

    [Fact]
    public void Close_ends_an_operation_that_yields() => Holds("ParkSlot: Close, event, start, one yield", ParkMachine.CloseMeetsYield);

    [Fact]
    public void Close_and_an_event_on_the_starters_loop_end_an_operation_once() =>
        Holds("ParkSlot: Close, event, start on the loop", ParkMachine.CloseMeetsEventOnTheLoop);

    [Fact]
    public void No_deadline_is_lost_to_one_who_parks() => Holds("ParkSlot: deadline, start", ParkMachine.DeadlineMeetsStart);

    [Fact]
    public void A_deadline_and_an_event_end_an_operation_once() => Holds("ParkSlot: deadline, event, start", ParkMachine.DeadlineMeetsEvent);

    [Fact]
    public void A_deadline_and_Close_end_an_operation_once() => Holds("ParkSlot: deadline, Close, start", ParkMachine.DeadlineMeetsClose);

    [Fact]
    public void No_timer_is_lost_to_one_who_parks() => Holds("ParkSlot: timer, start", ParkMachine.TimerMeetsStart);

    [Fact]
    public void A_deadline_brought_forward_is_kept() => Holds("ParkSlot: timer brought forward, start", ParkMachine.TimerIsBroughtForward);

    [Fact]
    public void A_deadline_put_off_is_kept() => Holds("ParkSlot: timer put off, start", ParkMachine.TimerIsPutOff);

    [Fact]
    public void A_new_deadline_is_kept_whose_predecessor_fires() => Holds("ParkSlot: timer of a deadline that is gone, new deadline", ParkMachine.TimerMeetsNewDeadline);

    [Fact]
    public void An_event_that_a_cancellation_overtakes_is_the_next_operations() =>
        Holds("ParkSlot: Cancel, event, two operations", ParkMachine.CancelMeetsEvent);

    [Fact]
    public void Parking_without_a_look_at_the_closed_bit_is_found() =>
        Catches(Mutants.NoLookAtClosing, Hangs, ParkMachine.CloseMeetsStart);

    [Fact]
    public void Parking_without_a_look_at_the_deadline_is_found() =>
        Catches(Mutants.NoLookAtDeadline, Hangs, ParkMachine.DeadlineMeetsStart);

    [Fact]
    public void A_new_deadline_that_no_timer_watches_is_found() =>
        Catches(Mutants.NoTimerForNewDeadline, "a deadline has passed unnoticed", ParkMachine.TimerIsBroughtForward);

    [Fact]
    public void A_timer_that_came_too_early_and_does_not_come_again_is_found() =>
        Catches(Mutants.NoTimerAgain, "a deadline has passed unnoticed", ParkMachine.TimerIsPutOff);

    [Fact]
    public void A_deadline_without_a_fence_is_found() => Catches(Mutants.NoFenceInSetDeadline, Hangs, ParkMachine.DeadlineMeetsStart);

    [Fact]
    public void A_timer_without_a_fence_is_found() => Catches(Mutants.NoFenceInOnTimer, "a deadline has passed unnoticed", ParkMachine.TimerMeetsNewDeadline);

    [Fact]
    public void An_event_without_a_second_look_is_found() =>
        Catches(Mutants.NoSecondLookAtEvent, Hangs, ParkMachine.EventMeetsStart);

    [Fact]
    public void A_run_without_a_second_look_is_found() => Catches(Mutants.NoSecondLookInRun, Hangs, ParkMachine.CancelMeetsEvent);
}
