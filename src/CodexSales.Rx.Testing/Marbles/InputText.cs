namespace CodexSales.Rx.Testing.Marbles;

internal static class InputText
{
    private static readonly UInt256 Plenty = UInt256.Parse("1000000000000000000000000000");

    private static readonly Dictionary<string, PortMode> Modes = Enum.GetValues<PortMode>().ToDictionary(Words.Of);

    public static RequestInput? TryReadRequest(Fragment text) =>
        text.FirstWord() is ({ Text: "request" }, var rest) ? ReadRequest(rest) : null;

    public static MarbleInput Read(Fragment text, InputsReader known)
    {
        if (TryReadRequest(text) is { } request)
        {
            return new MarbleInput(run => run.Contract.Ask(request), request);
        }

        var (verb, rest) = text.FirstWord();
        return new MarbleInput(verb.Text switch
        {
            "filled" => OnSlot(rest, known, (contract, slot) => contract.Fill(slot, SlotHolder.Another)),
            "landed" => OnSlot(rest, known, (contract, slot) => contract.Fill(slot, SlotHolder.Us)),
            "freed" => OnSlot(rest, known, (contract, slot) => contract.FreeFilled(slot)),
            "full" => OnSlot(rest, known, (contract, slot) => contract.ReserveFully(slot)),
            "fulfilled" => OnRequest(rest, known, (contract, id) => contract.Start(id)),
            "cancelled" => OnRequest(rest, known, (contract, id) => contract.Cancel(id)),
            "failed" => OnRequest(rest, known, (contract, id) => contract.Fail(id)),
            "revert" => ReadRevert(rest, known),
            "availability" => With(ReadAvailability(rest), (run, availability) => run.Save(availability)),
            "removed" => With(new AvailabilityId(Name(rest)), (run, id) => run.Remove(id)),
            "rpc" => With(IsFirst(rest, "lost", "back"), (run, isLost) => run.Market.SetConnection(isLost)),
            "events" => With(IsFirst(rest, "late", "back"), (run, areLate) => run.Market.SetEvents(areLate)),
            "proofs" => With(
                IsFirst(rest, "wanted", "unwanted"), (run, areWanted) => run.Contract.AreProofsWanted = areWanted),
            "challenge" => rest.Text == "changed"
                ? run => run.Contract.ChangeChallenge()
                : throw rest.Error($"'{rest.Text}' is given, but changed is expected."),
            "written" => With(Quantities.Size(rest), (run, bytes) => run.Storage.Write(bytes)),
            "pause" => Alone(verb, rest, run => run.Pipeline?.Workers.Pause()),
            "resume" => Alone(verb, rest, run => run.Pipeline?.Workers.Resume()),
            "stop" => Alone(verb, rest, run => run.StopAtWork()),
            "start" => Alone(verb, rest, run => run.Start()),
            "subscribe" => Alone(verb, rest, run => run.WatchQueueOnceMore()),
            "workers" => With(Quantities.Count(rest), (run, limit) => run.Pipeline?.Workers.SetLimit(limit)),
            "queue" => With(Quantities.Count(rest), (run, capacity) => run.Pipeline?.Queue.SetCapacity(capacity)),
            "storage" => With(ReadMode(rest, PortMode.Fails), (run, mode) => run.Storage.Set(mode)),
            "prover" => With(ReadMode(rest, PortMode.Fails), (run, mode) => run.Prover.Set(mode)),
            "reserve" or "fill" or "submit" or "free" =>
                With(ReadMode(rest, PortMode.Unconfirmed), (run, mode) => run.Market.Set(verb.Text, mode)),
            _ => throw verb.Error($"'{verb.Text}' is no input."),
        });
    }

    private static RequestInput ReadRequest(Fragment text)
    {
        var (name, rest) = text.FirstWord();
        var values = new NamedValues(rest, "slots", "size", "price", "collateral", "duration", "expiry", "loss");
        var slots = values.Read("slots", Quantities.Number, 1UL);
        return new RequestInput(
            Name(name),
            new StorageAsk
            {
                ProofProbability = 4,
                PricePerBytePerSecond = Quantities.Amount(values.Get("price")),
                CollateralPerByte = values.Read("collateral", Quantities.Amount, UInt256.One),
                Slots = slots,
                SlotSizeBytes = Quantities.Size(values.Get("size")),
                DurationSeconds = values.Read("duration", Quantities.Seconds, 86_400UL),
                MaxSlotLoss = values.Read("loss", Quantities.Number, slots),
            },
            values.Read("expiry", Quantities.Seconds, 43_200UL));
    }

    private static Availability ReadAvailability(Fragment text)
    {
        var (name, rest) = text.FirstWord();
        var values = new NamedValues(rest, "size", "price", "collateral", "duration", "until", "enabled");
        return new Availability
        {
            Id = new AvailabilityId(Name(name)),
            TotalBytes = Quantities.Size(values.Get("size")),
            MinPricePerBytePerSecond = Quantities.Amount(values.Get("price")),
            TotalCollateral = values.Read("collateral", Quantities.Amount, Plenty),
            MaxDurationSeconds = values.Read("duration", Quantities.Seconds, 30UL * 86_400),
            Until = values.Find("until") is { } until
                ? UnixSeconds.From(VirtualTime.Start).Plus(Quantities.Seconds(until))
                : null,
            IsDisabled = values.Find("enabled") is { } enabled && !IsFirst(enabled, "yes", "no"),
        };
    }

    private static Action<SpecRun> ReadRevert(Fragment text, InputsReader known)
    {
        var (kind, what) = text.FirstWord();
        return kind.Text switch
        {
            "filled" or "freed" or "full" => OnSlot(what, known, (contract, slot) => contract.Revert(kind.Text, slot)),
            "request" or "fulfilled" or "cancelled" or "failed" =>
                OnRequest(what, known, (contract, id) => contract.Revert(kind.Text, id)),
            _ => throw kind.Error($"'{kind.Text}' is no event of the market."),
        };
    }

    private static PortMode ReadMode(Fragment text, PortMode last) => Modes.TryGetValue(text.Text, out var mode) && mode <= last
        ? mode
        : throw text.Error($"'{text.Text}' is given, but "
            + (last == PortMode.Fails ? "works, stalls or fails" : "works, stalls, fails, lost or unconfirmed")
            + " is expected.");

    // Read at once, so that what is wrong with the text is found before anything runs.
    private static Action<SpecRun> With<T>(T value, Action<SpecRun, T> play) => run => play(run, value);

    private static Action<SpecRun> OnSlot(Fragment text, InputsReader known, Action<ScriptedContract, SlotKey> happen) =>
        With(known.CheckSlot(text, SlotName.Read(text)), (run, slot) => happen(run.Contract, run.Names.KeyOf(slot)));

    private static Action<SpecRun> OnRequest(
        Fragment text, InputsReader known, Action<ScriptedContract, RequestId> happen) =>
        With(SlotNames.IdOf(known.CheckRequest(text).Text), (run, id) => happen(run.Contract, id));

    private static Action<SpecRun> Alone(Fragment verb, Fragment rest, Action<SpecRun> play) =>
        rest.IsEmpty ? play : throw rest.Error($"nothing is expected after {verb.Text}.");

    private static bool IsFirst(Fragment text, string first, string second) => text.Text == first
        || (text.Text == second ? false : throw text.Error($"'{text.Text}' is given, but {first} or {second} is expected."));

    private static string Name(Fragment name) => name.IsEmpty || name.Text.Contains('=', StringComparison.Ordinal)
        ? throw name.Error($"'{name.Text}' is given, but a name is expected.")
        : name.Text;
}
