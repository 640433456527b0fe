namespace CodexSales.Rx.Tests.Caching;

/// <summary>Runs a program on a cache and on the model, and compares them after each step.</summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly ItemOrder _order = new();
    private readonly List<Exception> _failures = [];
    private readonly HistoricalScheduler _slow = new();
    private readonly List<SubscriberGroup> _groups = [];
    private readonly SortedObservableCache<Item, int, Why> _cache;
    private PlainModel _model = new();

    // What the first of all subscribers does when it is notified next.
    private Action? _inside;

    private ProgramRun()
    {
        _cache = new(item => item.Key, _order, _failures.Add);
        _cache.Connect().Subscribe(changes =>
        {
            // It is the edit that is to fail, not a view of what was committed.
            _order.DoNotThrow();
            if (!changes.IsSnapshot && Interlocked.Exchange(ref _inside, null) is { } inside)
            {
                inside();
            }
        });
        _groups.Add(new SubscriberGroup(_cache, _slow));
    }

    /// <summary>Throws where cache and model differ.</summary>
    public static void Of(IEnumerable<Step> program)
    {
        using var run = new ProgramRun();
        foreach (var step in program.Append(new Breathe()))
        {
            run.Do(step);
            run.Verify(step);
        }
    }

    public void Dispose()
    {
        _groups.ForEach(group => group.Dispose());
        _cache.Dispose();
    }

    private void Do(Step step)
    {
        switch (step)
        {
            case Operation operation:
                Compare(() => operation.Do(_cache), operation.Do);
                break;
            case Edit edit:
                Compare(() => _cache.Edit(edit, DoEdit), model => DoEdit(edit, model));
                break;
            case WithFailingComparer failing:
                DoFailing(failing);
                break;
            case Reenter reenter:
                Inside(reenter.Outer, model => Compare(() => reenter.Inner.Do(_cache), reenter.Inner.Do));
                break;
            case Join join:
                Inside(join.Inside, _ => _groups.Add(new SubscriberGroup(_cache, _slow)));
                break;
            case Leave leave:
                Inside(leave.Inside, before => DoLeave(leave.Group, before));
                break;
            case Refilter refilter:
                Inside(refilter.Inside, _ => _groups.ForEach(group => group.Refilter(refilter.Divisor)));
                break;
            case Breathe:
                _slow.AdvanceBy(TimeSpan.FromSeconds(2));
                _groups.Where(group => !group.HasLeft).ToList().ForEach(group => group.VerifySlow());
                break;
        }
    }

    private void DoLeave(int number, PlainModel before)
    {
        var group = _groups[number % _groups.Count];
        group.Expect(before.Items);
        group.Dispose();
    }

    /// <summary>
    /// Does something inside the notification of an operation; or at once, when there is no operation.
    /// </summary>
    private void Inside(Operation? outer, Action<PlainModel> inside)
    {
        var before = _model.Copy();
        if (outer is null)
        {
            inside(before);
            return;
        }

        var wasNotified = false;
        _inside = () =>
        {
            // The operation is committed, so the model does it before anything else.
            wasNotified = true;
            Outcome(() => outer.Do(_model));
            inside(before);
        };
        var actual = Outcome(() => outer.Do(_cache));
        _inside = null;
        Same(Outcome(() => outer.Do(before.Copy())), actual, outer.ToString());
        if (!wasNotified)
        {
            Outcome(() => outer.Do(_model));
        }
    }

    private void DoFailing(WithFailingComparer failing)
    {
        _order.ThrowAfter(failing.Comparisons);
        var actual = Outcome(() => failing.Operation.Do(_cache));
        _order.DoNotThrow();
        if (actual is not nameof(ComparerFailedException))
        {
            Same(Outcome(() => failing.Operation.Do(_model)), actual, failing.ToString());
        }
    }

    private void Compare(Func<object?> onCache, Func<PlainModel, object?> onModel)
    {
        var actual = Outcome(onCache);
        var changed = _model.Copy();
        var expected = Outcome(() => onModel(changed));
        Same(expected, actual, "The outcome");
        _model = actual is nameof(EditFailedException) ? _model : changed;
    }

    private static string? DoEdit(CacheEditor<Item, int, Why> editor, Edit edit)
    {
        foreach (var operation in edit.Operations)
        {
            Outcome(() => operation.Do(editor));
        }

        return edit.Throws ? throw new EditFailedException() : string.Join(", ", editor);
    }

    private static string? DoEdit(Edit edit, PlainModel model)
    {
        foreach (var operation in edit.Operations)
        {
            Outcome(() => operation.Do(model));
        }

        return edit.Throws ? throw new EditFailedException() : string.Join(", ", model.Items);
    }

    /// <summary>What an operation returns or throws, where both sides throw something of their own.</summary>
    private static object? Outcome(Func<object?> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception refusal) when (refusal is InconsistentOrderException or PlainModel.TieException)
        {
            return "tie";
        }
        catch (Exception refusal) when (refusal is ArgumentException or ComparerFailedException or EditFailedException)
        {
            return refusal.GetType().Name;
        }
    }

    private void Verify(Step step)
    {
        Same(string.Join(", ", _model.Items), string.Join(", ", _cache.Snapshot.Items), $"Contents after {step}");
        Same(_model.Items.Count, _cache.Count, "Count");
        for (var key = 0; key <= ProgramGenerator.MaxKey; key++)
        {
            var position = _model.Items.FindIndex(item => item.Key == key);
            Same(position, _cache.PositionOf(key), $"Position of {key}");
            var expected = position >= 0 ? _model.Items[position] : null;
            Same(expected, _cache.TryGet(key, out var item) ? item : null, $"Item {key}");
        }

        foreach (var group in _groups)
        {
            group.Expect(_model.Items);
            group.Verify();
        }

        Same(0, _failures.Count, string.Join('\n', _failures));
    }

    private static void Same(object? expected, object? actual, string what)
    {
        if (!Equals(expected, actual))
        {
            throw new InvalidOperationException(
                $"{what}: expected {expected ?? "null"}, but it is {actual ?? "null"}.");
        }
    }

    private sealed class EditFailedException : Exception;
}
