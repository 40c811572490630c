using System.Globalization;
using Fleet.DeviceAgent.Keywords;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the keyword models load.</summary>
internal static class KeywordCheck
{
    public const string Name = "keyword";

    public static CheckResult Run(KeywordModelSet models, double? threshold)
    {
        if (models.Faults.Count > 0)
        {
            return CheckResult.No(Name, string.Join("; ", models.Faults).TrimEnd('.'), "mend the folder, or give another one with --keyword-model");
        }

        var known = models.Models.SelectMany(model => model.Keywords.Select(keyword => string.Create(
            CultureInfo.InvariantCulture, $"\"{keyword}\" by {model.Description.Id} from {threshold ?? model.Description.Threshold:0.00} on")));
        return CheckResult.Ok(Name, $"listens for {string.Join(", ", known)}");
    }
}
