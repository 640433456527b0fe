using static CodexSales.Rx.Testing.Tests.Contract.ContractBench;

namespace CodexSales.Rx.Testing.Tests.Contract;

public sealed class ReservationRuleTests
{
    private readonly ContractBench _bench = new();

    [Fact]
    public void The_third_reservation_alone_is_announced_and_a_fourth_is_refused()
    {
        var slot = new SlotKey(_bench.Request(), 0);

        Assert.Empty(_bench.Reserve(Alice, slot).Events);
        Assert.Empty(_bench.Reserve(Bob, slot).Events);
        Assert.Equal([new SlotReservationsFull(_bench.At, slot)], _bench.Reserve(Carol, slot).Events);
        AssertRefused(MarketRefusal.ReservationNotAllowed, _bench.Reserve(Dave, slot));
    }

    [Fact]
    public void A_host_reserves_a_slot_only_once()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Alice, slot));

        Assert.False(_bench.Contract.CanReserve(_bench.Now, Alice, slot));
        AssertRefused(MarketRefusal.ReservationNotAllowed, _bench.Reserve(Alice, slot));
    }

    [Fact]
    public void A_filled_slot_is_not_reserved()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);

        AssertRefused(MarketRefusal.ReservationNotAllowed, _bench.Reserve(Bob, slot));
    }

    [Fact]
    public void Slots_that_do_not_exist_can_be_reserved_and_be_full()
    {
        SlotKey[] slots = [new(default, 0), new(_bench.Request(), 99)];

        foreach (var slot in slots)
        {
            AssertLanded(_bench.Reserve(Alice, slot));
            AssertLanded(_bench.Reserve(Bob, slot));
            Assert.Equal([new SlotReservationsFull(_bench.At, slot)], _bench.Reserve(Carol, slot).Events);
        }
    }

    [Fact]
    public void A_slot_of_an_expired_request_can_be_reserved_if_it_was_never_filled()
    {
        var id = _bench.Request();
        _bench.ReserveAndFill(Alice, new SlotKey(id, 0));
        _bench.Now = _bench.Expiry.Plus(1);

        AssertLanded(_bench.Reserve(Bob, new SlotKey(id, 1)));
        AssertRefused(MarketRefusal.ReservationNotAllowed, _bench.Reserve(Bob, new SlotKey(id, 0)));
    }

    [Fact]
    public void Freeing_a_filled_slot_clears_its_reservations()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Bob, slot));
        AssertLanded(_bench.Reserve(Carol, slot));
        _bench.ReserveAndFill(Alice, slot);

        AssertLanded(_bench.Free(Alice, slot));

        AssertRefused(MarketRefusal.ReservationRequired, _bench.Fill(Bob, slot));
        AssertLanded(_bench.Reserve(Alice, slot));
        AssertLanded(_bench.Reserve(Bob, slot));
    }
}
