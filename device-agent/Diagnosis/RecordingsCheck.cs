using System.Globalization;
using Fleet.DeviceAgent.Capture;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the recordings of <c>--play</c> can be played.</summary>
internal sealed class RecordingsCheck(string path)
{
    public const string Name = "recordings";

    public CheckResult Run()
    {
        Playlist playlist;
        try
        {
            playlist = Playlist.Read(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return CheckResult.No(Name, ex.Message, "give --play a recording or a folder with recordings");
        }

        var faults = playlist.Recordings.Select(Fault).OfType<string>().ToList();
        var count = playlist.Recordings.Count.ToString(CultureInfo.InvariantCulture);
        return (playlist.Recordings.Count, faults.Count) switch
        {
            (0, _) => CheckResult.No(Name, $"there is no *.wav in '{path}'", "give --play a folder with recordings, or a recording"),
            (_, 0) => CheckResult.Ok(Name, $"{count} can be played"),
            var (all, bad) when all == bad => CheckResult.No(Name, $"none of {count} can be played, the first: {faults[0]}", "convert them"),
            var (_, bad) => CheckResult.Warning(Name, $"{bad} of {count} cannot be played, the first: {faults[0]}", "convert or remove them"),
        };
    }

    private static string? Fault(Recording recording)
    {
        try
        {
            using var source = WavSource.Open(recording);
            return null;
        }
        catch (AudioSourceException ex)
        {
            return ex.Message;
        }
    }
}
