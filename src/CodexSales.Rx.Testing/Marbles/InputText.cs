namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Reads what an input symbol stands for.</summary>
internal static class InputText
{
    private static readonly UInt256 Plenty = UInt256.Parse("1000000000000000000000000000");

    private static readonly Dictionary<string, PortMode> Modes = new()
    {
        ["works"] = PortMode.Works,
        ["stalls"] = PortMode.Stalls,
        ["fails"] = PortMode.Fails,
        ["lost"] = PortMode.Lost,
        ["unconfirmed"] = PortMode.Unconfirmed,
    };

    public static RequestInput? TryReadRequest(Fragment text) =>
        text.FirstWord() is ({ Text: "request" }, var rest) ? ReadRequest(rest) : null;

    public static MarbleInput Read(Fragment text, InputsReader known)
    {
        var (verb, rest) = text.FirstWord();
        return verb.Text switch
        {
            "request" => ReadRequest(rest),
            "filled" => new FilledInput(Slot(rest, known)),
            "landed" => new LandedInput(Slot(rest, known)),
            "freed" => new FreedInput(Slot(rest, known)),
            "full" => new FullInput(Slot(rest, known)),
            "fulfilled" => new FulfilledInput(known.CheckRequest(rest).Text),
            "cancelled" => new CancelledInput(known.CheckRequest(rest).Text),
            "failed" => new FailedInput(known.CheckRequest(rest).Text),
            "revert" => ReadRevert(rest, known),
            "availability" => ReadAvailability(rest),
            "removed" => new RemovedInput(Id(rest)),
            "rpc" => new RpcInput(Choose(rest, "lost", "back")),
            "events" => new EventsInput(Choose(rest, "late", "back")),
            "challenge" => rest.Text == "changed"
                ? new ChallengeInput()
                : throw rest.Error($"'{rest.Text}' is given, but changed is expected."),
            "proofs" => new ProofsInput(Choose(rest, "wanted", "unwanted")),
            "written" => new WrittenInput(Quantities.Size(rest)),
            "pause" or "resume" or "stop" or "start" or "subscribe" => ReadHost(verb, rest),
            "workers" => new HostInput(HostCommand.Workers, Quantities.Count(rest)),
            "queue" => new HostInput(HostCommand.Queue, Quantities.Count(rest)),
            "storage" or "prover" or "reserve" or "fill" or "submit" or "free" => ReadPort(verb, rest),
            _ => throw verb.Error($"'{verb.Text}' is no input."),
        };
    }

    private static RequestInput ReadRequest(Fragment text)
    {
        var (name, rest) = text.FirstWord();
        var values = new NamedValues(rest, "slots", "size", "price", "collateral", "duration", "expiry", "loss");
        var slots = values.Find("slots") is { } count ? Quantities.Number(count) : 1;
        return new RequestInput(
            name.IsEmpty || name.Text.Contains('=', StringComparison.Ordinal)
                ? throw name.Error($"'{name.Text}' is given, but a name is expected.")
                : name.Text,
            new StorageAsk
            {
                ProofProbability = 4,
                PricePerBytePerSecond = Quantities.Amount(values.Get("price")),
                CollateralPerByte = values.Find("collateral") is { } collateral ? Quantities.Amount(collateral) : 1,
                Slots = slots,
                SlotSizeBytes = Quantities.Size(values.Get("size")),
                DurationSeconds = values.Find("duration") is { } duration ? Quantities.Seconds(duration) : 86_400,
                MaxSlotLoss = values.Find("loss") is { } loss ? Quantities.Number(loss) : slots,
            },
            values.Find("expiry") is { } expiry ? Quantities.Seconds(expiry) : 43_200);
    }

    private static AvailabilityInput ReadAvailability(Fragment text)
    {
        var (name, rest) = text.FirstWord();
        var values = new NamedValues(rest, "size", "price", "collateral", "duration", "until", "enabled");
        return new AvailabilityInput(new Availability
        {
            Id = Id(name),
            TotalBytes = Quantities.Size(values.Get("size")),
            MinPricePerBytePerSecond = Quantities.Amount(values.Get("price")),
            TotalCollateral = values.Find("collateral") is { } collateral ? Quantities.Amount(collateral) : Plenty,
            MaxDurationSeconds = values.Find("duration") is { } duration ? Quantities.Seconds(duration) : 30 * 86_400,
            Until = values.Find("until") is { } until
                ? UnixSeconds.From(VirtualTime.Start).Plus(Quantities.Seconds(until))
                : null,
            IsDisabled = values.Find("enabled") is { } enabled && !Choose(enabled, "yes", "no"),
        });
    }

    private static RevertInput ReadRevert(Fragment text, InputsReader known)
    {
        var (kind, what) = text.FirstWord();
        return kind.Text switch
        {
            "filled" or "freed" or "full" when Slot(what, known) is var slot =>
                new RevertInput(kind.Text, slot.Request, slot),
            "request" or "fulfilled" or "cancelled" or "failed" =>
                new RevertInput(kind.Text, known.CheckRequest(what).Text, null),
            _ => throw kind.Error($"'{kind.Text}' is no event of the market."),
        };
    }

    private static HostInput ReadHost(Fragment verb, Fragment rest) => rest.IsEmpty
        ? new HostInput(Enum.Parse<HostCommand>(verb.Text, ignoreCase: true))
        : throw rest.Error($"nothing is expected after {verb.Text}.");

    private static PortInput ReadPort(Fragment port, Fragment mode)
    {
        var isTransaction = port.Text is not ("storage" or "prover");
        return Modes.TryGetValue(mode.Text, out var found) && (isTransaction || found <= PortMode.Fails)
            ? new PortInput(Enum.Parse<ScriptedPort>(port.Text, ignoreCase: true), found)
            : throw mode.Error($"'{mode.Text}' is given, but "
                + (isTransaction ? "works, stalls, fails, lost or unconfirmed" : "works, stalls or fails")
                + " is expected.");
    }

    private static SlotName Slot(Fragment text, InputsReader known) => known.CheckSlot(text, SlotName.Read(text));

    private static AvailabilityId Id(Fragment name) => name.IsEmpty || name.Text.Contains('=', StringComparison.Ordinal)
        ? throw name.Error($"'{name.Text}' is given, but a name is expected.")
        : new AvailabilityId(name.Text);

    private static bool Choose(Fragment text, string yes, string no) => text.Text == yes
        || (text.Text == no ? false : throw text.Error($"'{text.Text}' is given, but {yes} or {no} is expected."));
}
