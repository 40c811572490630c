namespace Fleet.Scoring.Score;

/// <summary>Which of the three bodies a request has; the answer has the same form.</summary>
internal enum ScoreForm
{
    /// <summary>`{"data":[…]}`: the body of the tutorial that Fleet grew from.</summary>
    Single,

    /// <summary>`{"data":[[…],[…]]}`.</summary>
    List,

    /// <summary>`{"inputs":[{"id","sample_rate","audio"}]}`.</summary>
    Inputs,
}

/// <summary>One recording: its samples, or why they cannot be used.</summary>
internal sealed record ScoreItem(string? Id, ReadOnlyMemory<short> Samples, ScoreFaultException? Fault = null);

/// <summary>A request whose form is right.</summary>
internal sealed record ScoreRequest(ScoreForm Form, IReadOnlyList<ScoreItem> Items);
