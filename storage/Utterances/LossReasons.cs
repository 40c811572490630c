using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.Storage;

/// <summary>Why utterances were lost, for people.</summary>
public static class LossReasons
{
    private const int MaxDetailLength = 256;

    /// <summary>In a few words, such as "spool full". <see cref="Reason.Unspecified"/>: its audio vanished from the database.</summary>
    public static string Words(Reason reason) => reason switch
    {
        Reason.SpoolFull => "spool full",
        Reason.Expired => "too long in the spool",
        Reason.Damaged => "damaged on the device's disk",
        Reason.Disk => "the device's disk did not take it",
        Reason.Rejected => "rejected by the cloud",
        _ => "audio not kept",
    };

    internal static string Describe(NewLoss loss) => string.IsNullOrEmpty(loss.Detail)
        ? $"Lost on the device: {Words(loss.Reason)}."
        : $"Lost on the device: {Words(loss.Reason)}. {DatabaseText.Sanitize(loss.Detail, MaxDetailLength)}";
}
