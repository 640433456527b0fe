namespace CodexSales.Rx.Tests.Caching;

/// <summary>A step of a random program. As text it is the code that makes it.</summary>
internal abstract record Step;

/// <summary>A step that changes the cache: alone, inside an edit, or in the model.</summary>
internal abstract record Operation : Step
{
    public abstract object? Do(CacheEditor<Item, int, Why> editor);

    public abstract object? Do(SortedObservableCache<Item, int, Why> cache);

    public abstract object? Do(PlainModel model);
}

internal sealed record Add(int Key, int Rank) : Operation
{
    public override object? Do(CacheEditor<Item, int, Why> editor)
    {
        editor.Add(new(Key, Rank), Why.Put);
        return null;
    }

    public override object? Do(SortedObservableCache<Item, int, Why> cache)
    {
        cache.Add(new(Key, Rank), Why.Put);
        return null;
    }

    public override object? Do(PlainModel model)
    {
        model.Add(new(Key, Rank));
        return null;
    }

    public override string ToString() => $"new Add({Key}, {Rank})";
}

internal sealed record Put(int Key, int Rank) : Operation
{
    public override object? Do(CacheEditor<Item, int, Why> editor) => editor.AddOrUpdate(new(Key, Rank), Why.Put);

    public override object? Do(SortedObservableCache<Item, int, Why> cache) =>
        cache.AddOrUpdate(new(Key, Rank), Why.Put);

    public override object? Do(PlainModel model) => model.Put(new(Key, Rank));

    public override string ToString() => $"new Put({Key}, {Rank})";
}

internal sealed record Remove(int Key) : Operation
{
    public override object? Do(CacheEditor<Item, int, Why> editor) => editor.Remove(Key, Why.Left);

    public override object? Do(SortedObservableCache<Item, int, Why> cache) => cache.Remove(Key, Why.Left);

    public override object? Do(PlainModel model) => model.Remove(Key);

    public override string ToString() => $"new Remove({Key})";
}

internal sealed record TakeFirst : Operation
{
    public override object? Do(CacheEditor<Item, int, Why> editor) =>
        editor.TryTakeFirst(Why.Taken, out var item) ? item : null;

    public override object? Do(SortedObservableCache<Item, int, Why> cache) =>
        cache.TryTakeFirst(Why.Taken, out var item) ? item : null;

    public override object? Do(PlainModel model) => model.TakeAt(0);

    public override string ToString() => "new TakeFirst()";
}

internal sealed record TakeLast : Operation
{
    public override object? Do(CacheEditor<Item, int, Why> editor) =>
        editor.TryTakeLast(Why.Evicted, out var item) ? item : null;

    public override object? Do(SortedObservableCache<Item, int, Why> cache) =>
        cache.TryTakeLast(Why.Evicted, out var item) ? item : null;

    public override object? Do(PlainModel model) => model.TakeAt(model.Items.Count - 1);

    public override string ToString() => "new TakeLast()";
}

/// <summary>Several operations in one edit, which throws at the end or does not.</summary>
internal sealed record Edit(bool Throws, params Operation[] Operations) : Step
{
    public override string ToString() =>
        $"new Edit({(Throws ? "true" : "false")}, {string.Join(", ", Operations.AsEnumerable())})";
}

/// <summary>An operation during which the comparer throws, if it is called so often.</summary>
internal sealed record WithFailingComparer(int Comparisons, Operation Operation) : Step
{
    public override string ToString() => $"new WithFailingComparer({Comparisons}, {Operation})";
}

/// <summary>An operation, and another one that a subscriber does when it is notified of the first.</summary>
internal sealed record Reenter(Operation Outer, Operation Inner) : Step
{
    public override string ToString() => $"new Reenter({Outer}, {Inner})";
}

/// <summary>All kinds of subscribers join: at once, or inside the notification of an operation.</summary>
internal sealed record Join(Operation? Inside) : Step
{
    public override string ToString() => $"new Join({Inside?.ToString() ?? "null"})";
}

/// <summary>A group of subscribers leaves: at once, or inside the notification of an operation.</summary>
internal sealed record Leave(int Group, Operation? Inside) : Step
{
    public override string ToString() => $"new Leave({Group}, {Inside?.ToString() ?? "null"})";
}

/// <summary>
/// Filtered views get another predicate, ranks that a number does not divide: at once, or inside the notification of an
/// operation.
/// </summary>
internal sealed record Refilter(int Divisor, Operation? Inside) : Step
{
    public override string ToString() => $"new Refilter({Divisor}, {Inside?.ToString() ?? "null"})";
}

/// <summary>The slow subscribers get to run.</summary>
internal sealed record Breathe : Step
{
    public override string ToString() => "new Breathe()";
}
