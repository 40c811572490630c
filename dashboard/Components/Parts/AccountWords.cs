using Fleet.Storage;

namespace Fleet.Dashboard.Components.Parts;

/// <summary>What became of everything that was spoken, for people: the words around the figures.</summary>
internal static class AccountWords
{
    /// <summary>Why utterances were lost: "spool full", or with several reasons how many each, most first. Empty when none was.</summary>
    public static string LostBecause(UtteranceAccount account) => account.LostByReason.Where(static lost => lost.Value > 0).ToList() switch
    {
        [] => "",
        [var only] => LossReasons.Words(only.Key),
        var several => string.Join(", ", several
            .OrderByDescending(static lost => lost.Value).ThenBy(static lost => lost.Key)
            .Select(static lost => $"{Format.Count(lost.Value)} {LossReasons.Words(lost.Key)}")),
    };

    /// <summary>All of it in one line: "48,211 spoken, 48,208 stored, 3 lost (spool full), 0 missing".</summary>
    public static string Line(UtteranceAccount account)
    {
        var lost = account.Lost > 0 ? $"{Format.Count(account.Lost)} lost ({LostBecause(account)})" : "0 lost";
        var waiting = account.Waiting > 0 ? $", {Format.Count(account.Waiting)} waiting on devices" : "";
        return $"{Format.Count(account.Spoken)} spoken, {Format.Count(account.Stored)} stored, {lost}, {Format.Count(account.Missing)} missing{waiting}";
    }
}
