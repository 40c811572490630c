namespace Fleet.Storage;

/// <summary>A run of history through another deployment, and how far it is. Utterances that have expired since are counted no more.</summary>
public sealed record RetranscriptionRun
{
    public required Guid RunId { get; init; }

    public required string Deployment { get; init; }

    public required RetranscriptionFilter Filter { get; init; }

    public required string RequestedBy { get; init; }

    public required RetranscriptionState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? DecidedBy { get; init; }

    public long Waiting { get; init; }

    public long Recognised { get; init; }

    public long Skipped { get; init; }

    public long Failed { get; init; }

    public long Promoted { get; init; }

    public long Discarded { get; init; }

    /// <summary>Utterances of which at least one word differs from what history showed.</summary>
    public long Differing { get; init; }

    /// <summary>Words of the old texts, and how many changes make the new ones of them.</summary>
    public long OldWords { get; init; }

    public long WordEdits { get; init; }

    public long Total => Waiting + Recognised + Skipped + Failed + Promoted + Discarded;
}
