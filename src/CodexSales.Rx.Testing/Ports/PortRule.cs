using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Testing.Ports;

/// <summary>The rules of ports; a checker names those that are broken.</summary>
public enum PortRule
{
    /// <summary>Every port: what goes wrong fails the task, or is the error of the observable; a call never throws.</summary>
    FailsItsTask = 0,

    /// <summary>Every port: no call gives null in place of a task or an observable.</summary>
    GivesATask,

    /// <summary>Every port: no answer is null.</summary>
    GivesAnAnswer,

    /// <summary>Every port: each call comes to an end in the time that the check allows.</summary>
    ComesToAnEnd,

    /// <summary>Every port: a call whose token is cancelled ends, and nothing is thrown into whoever cancels it.</summary>
    EndsWhenCancelled,

    /// <summary>Every port: what can be done is done, without an error.</summary>
    Works,

    /// <summary>Every observable: one notification at a time, and none after the end.</summary>
    NotifiesOneAtATime,

    /// <summary><see cref="ISlotStorage.Store"/>: how many bytes are written never goes back.</summary>
    ProgressNeverGoesBack,

    /// <summary><see cref="ISlotStorage.Store"/>: never more bytes than the slot has.</summary>
    WritesNoMoreThanTheSlot,

    /// <summary><see cref="ISlotStorage.Store"/>: all bytes are told, and there, before it completes.</summary>
    CompletesWhenAllIsThere,

    /// <summary><see cref="ISlotStorage.Store"/>: to unsubscribe ends the work: nothing is notified or written after it.</summary>
    StopsWhenLeft,

    /// <summary><see cref="ISlotStorage.KeepUntilAsync"/>: data that is to be kept is still there.</summary>
    KeepsWhatItIsToKeep,

    /// <summary><see cref="ISlotStorage.ClearAsync"/>: nothing is left of the slot, and nothing to delete is no error.</summary>
    ClearsAll,

    /// <summary><see cref="ISlotStorage.ClearAsync"/>: the data of other slots stays.</summary>
    ClearsNothingElse,

    /// <summary><see cref="IProver"/>: a proof is not eight zeros, which no contract takes.</summary>
    ProvesSomething,

    /// <summary><see cref="IProver"/>: a proof is that of the challenge that was asked for, also with several at once.</summary>
    ProvesItsChallenge,

    /// <summary><see cref="IMarket.Heads"/>: the first block comes, others follow, and it never ends.</summary>
    TellsHeads,

    /// <summary><see cref="IMarket.Heads"/>: no block twice in a row, and times that do not go back while numbers go up.</summary>
    TellsHeadsInOrder,

    /// <summary><see cref="IMarket.FinalHeads"/>: a block that was told before, never back, never beyond the newest.</summary>
    TellsFinalHeadsInOrder,

    /// <summary><see cref="IMarket.Events"/>: a <see cref="BlockTold"/> when the past has been told and after each block.</summary>
    TellsOfEachBlock,

    /// <summary><see cref="IMarket.Events"/>: in chain order, those of a block before its <see cref="BlockTold"/>.</summary>
    TellsEventsInOrder,

    /// <summary><see cref="IMarket.Events"/>: each once.</summary>
    TellsEventsOnce,

    /// <summary><see cref="IMarket.Events"/>: without gaps: what landed is told.</summary>
    TellsEveryEvent,

    /// <summary><see cref="IMarket"/>: an answer is as of the block that was asked about.</summary>
    AnswersAsOfTheBlock,

    /// <summary><see cref="IMarket"/>: the same question as of the same block has the same answer.</summary>
    AnswersAlike,

    /// <summary><see cref="IMarket"/>: an unknown block is <see cref="MarketUnavailableException"/>.</summary>
    AnswersOfNoOtherBlock,

    /// <summary><see cref="IMarket"/>: a failed question is a <see cref="MarketUnavailableException"/>.</summary>
    SaysThatItIsUnavailable,

    /// <summary><see cref="IMarket"/>: what became of a transaction is a value, whatever it is.</summary>
    TellsOutcomesAsValues,

    /// <summary><see cref="IMarket"/>: a landed transaction shows as of its block, which is told.</summary>
    LandsWhatItSaysHasLanded,

    /// <summary><see cref="IMarket"/>: this host's slots are listed, with their requests.</summary>
    ListsItsSlots,

    /// <summary><see cref="ISalesStore"/>: a new one is empty.</summary>
    BeginsEmpty,

    /// <summary><see cref="ISalesStore"/>: every field comes back as it was saved.</summary>
    RemembersEveryField,

    /// <summary><see cref="ISalesStore"/>: what was confirmed is there after a restart.</summary>
    OutlivesARestart,

    /// <summary><see cref="ISalesStore"/>: availabilities in the order in which they were added.</summary>
    KeepsTheOrder,

    /// <summary><see cref="ISalesStore"/>: changes are made in their order, so the last one holds.</summary>
    MakesChangesInOrder,

    /// <summary><see cref="ISalesStore"/>: all changes of a call are made, or none, also of one that is cancelled.</summary>
    MakesAllOrNone,

    /// <summary><see cref="ISalesStore"/>: what was removed, or is over, is not told as if it were there.</summary>
    LetsGoOfWhatIsOver,

    /// <summary><see cref="ISalesStore"/>: history comes from the newest, in pages, each sale once.</summary>
    PagesHistory,

    /// <summary><see cref="ISalesStore"/>: history forgets the oldest sales first, and nothing but those.</summary>
    ForgetsTheOldestFirst,

    /// <summary><see cref="ISalesStore"/>: totals are those that came last for each availability, also of one that is gone.</summary>
    CountsTotals,

    /// <summary><see cref="ISalesStore"/>: the highest number of all is known, also when its sale is over and forgotten.</summary>
    KnowsTheLastNumber,

    /// <summary><see cref="ISalesStore"/>: slots that were lost are told until their requests have ended.</summary>
    TellsLostSlots,
}
