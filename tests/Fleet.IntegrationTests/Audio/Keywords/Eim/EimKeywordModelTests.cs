using Fleet.Audio.Keywords;

namespace Fleet.IntegrationTests.Audio.Keywords.Eim;

/// <summary>An Edge Impulse runner as a real process, also one that does what none should.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EimKeywordModelTests : IDisposable
{
    private const int SampleRateHz = 16_000;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-eim-tests-");
    private readonly Listener _listener = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true, "\n\0")]
    [InlineData(true, "\n")]
    [InlineData(true, "")]
    [InlineData(false, "\n\0")]
    public void Push_LoudAfterQuiet_IsDetectedOnce(bool continuous, string ending)
    {
        var folder = EimModels.Write(_folder.FullName, new { continuous, ending });
        using var model = folder.Load(static () => throw new InvalidOperationException("No embedding is needed."));
        using var stream = model.CreateStream(new KeywordStreamOptions { Threshold = 0.85 }, _listener);

        Push(stream, seconds: 2, loudness: 100);
        Push(stream, seconds: 1, loudness: 12_000);
        Push(stream, seconds: 2, loudness: 100);

        var detection = _listener.Detections.ShouldHaveSingleItem();
        (detection.Keyword, detection.ModelId).ShouldBe(("listen", "eim-1"));
        detection.Score.ShouldBe(0.95f, 0.001f);
        detection.NoticedAt.ShouldBe((2 * SampleRateHz) + 4_000);
        _listener.Troubles.ShouldBeEmpty();
        // Each sample once in slices, whole numbers as they came; a window at each stride otherwise.
        EimModels.Seen(folder).ShouldAllBe(line => line.StartsWith(continuous ? "slice " : "window ", StringComparison.Ordinal));
        EimModels.Seen(folder).Length.ShouldBe(continuous ? 20 : 17);
        EimModels.Runs(folder).ShouldBe(1);
    }

    [Fact]
    public void Load_ThresholdsAndLabels_ReachTheRunner()
    {
        var folder = EimModels.Write(
            _folder.FullName, description: EimModels.Description with { Labels = ["listen", "noise"], Eim = new EimParameters { Thresholds = [new EimThreshold { Id = 7, MinScore = 0.25 }] } });

        using var model = Load(folder);

        model.Keywords.ShouldBe(["listen"]);
        EimModels.Seen(folder).ShouldBe(["threshold {\"id\":7,\"min_score\":0.25}"]);
    }

    [Theory]
    [InlineData("die", "closed the connection")]
    [InlineData("hang", "did not answer within 300 ms")]
    [InlineData("half", "closed the connection in the middle")]
    [InlineData("large", "more than 10485760 bytes")]
    [InlineData("nonsense", "no JSON object")]
    [InlineData("foreign", "another message")]
    [InlineData("refuse", "Classifying failed, [2J error code was -3")]
    [InlineData("trickle", "did not answer within 300 ms")]
    public void Push_RunnerFailsOnce_IsStartedAgainAndHears(string how, string reason)
    {
        var folder = EimModels.Write(
            _folder.FullName,
            new { fault = new { where = "look", look = 3, runs = 1, how } },
            // 20 MB through a socket take their time on a busy machine.
            EimModels.Description with { Eim = new EimParameters { ReplyTimeoutMs = how is "hang" or "trickle" ? 300 : 10_000 } });
        using var model = Load(folder);
        using var stream = model.CreateStream(new KeywordStreamOptions(), _listener);

        Push(stream, seconds: 1, loudness: 100);

        _listener.Troubles.ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain(reason);
        PushUntil(stream, () => _listener.Troubles.Count > 1);
        _listener.Troubles[1].ShouldBeNull("it works again");
        Push(stream, seconds: 2, loudness: 100);
        Push(stream, seconds: 1, loudness: 12_000);
        _listener.Detections.ShouldHaveSingleItem();
        EimModels.Runs(folder).ShouldBe(2);
    }

    [Fact]
    public void Push_RunnerNeverStaysUp_IsStartedLessAndLessOften()
    {
        var folder = EimModels.Write(_folder.FullName, new { fault = new { where = "look", look = 1, how = "die" } });
        using var model = Load(folder);
        using var stream = model.CreateStream(new KeywordStreamOptions(), _listener);

        // Starts after 0, 1, 3 and 7 s of sound: time is counted in sound, and each start is waited for.
        for (var starts = 1; starts <= 4; starts++)
        {
            PushUntil(stream, () => _listener.Troubles.Count == starts);
        }

        _listener.Troubles.ShouldAllBe(trouble => trouble != null);
        stream.Position.ShouldBeGreaterThan(3 * SampleRateHz);
    }

    [Theory]
    [InlineData("exit", "", "ended at once with exit code 3: cannot open shared object file")]
    [InlineData("deaf", "", "not ready within 400 ms")]
    [InlineData("hello", "hang", "did not answer within")]
    [InlineData("hello", "large", "")]
    public void Load_RunnerDoesNotStart_SaysWhyInTime(string where, string how, string reason)
    {
        var folder = EimModels.Write(
            _folder.FullName, new { fault = new { where, how } }, EimModels.Description with { Eim = new EimParameters { StartTimeoutMs = where == "exit" ? 20_000 : 400 } });

        Should.Throw<KeywordModelException>(() => Load(folder)).Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData(8_000, 1, "takes sound of 8000 Hz")]
    [InlineData(16_000, 3, "for sensor 3, not for a microphone")]
    public void Load_RunnerForSomethingElse_IsRefused(int frequency, int sensor, string reason)
    {
        var folder = EimModels.Write(_folder.FullName, new { frequency, sensor });

        Should.Throw<KeywordModelException>(() => Load(folder)).Message.ShouldContain(reason);
    }

    [Fact]
    public void Load_KeywordThatTheRunnerDoesNotKnow_IsRefusedWithItsLabels()
    {
        var folder = EimModels.Write(_folder.FullName, description: EimModels.Description with { Keywords = ["computer"] });

        Should.Throw<KeywordModelException>(() => Load(folder)).Message.ShouldContain("none of its classifier's labels (listen, noise)");
    }

    [Fact]
    public void Load_FileThatIsNotExecutable_SaysHowToMendIt()
    {
        var folder = EimModels.Write(_folder.FullName);
        File.SetUnixFileMode(Path.Combine(_folder.FullName, "listen.eim"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Should.Throw<KeywordModelException>(() => Load(folder)).Message.ShouldContain("chmod +x");
    }

    [Fact]
    public void Load_AnotherFileThanMeant_IsNotRun()
    {
        var folder = EimModels.Write(_folder.FullName);
        File.AppendAllText(Path.Combine(_folder.FullName, "listen.eim"), "// changed");

        Should.Throw<KeywordModelException>(() => Load(folder)).Message.ShouldContain("SHA-256");
        File.Exists(Path.Combine(_folder.FullName, "listen.eim.runs")).ShouldBeFalse();
    }

    private static IKeywordModel Load(KeywordModelFolder folder) => folder.Load(static () => throw new InvalidOperationException("No embedding is needed."));

    /// <summary>Sound for as long as it takes, as fast as the runner; the starts of runners take real time.</summary>
    private static void PushUntil(IKeywordStream stream, Func<bool> isSo)
    {
        using var late = new CancellationTokenSource(_limit);
        while (!isSo())
        {
            late.Token.ThrowIfCancellationRequested();
            Push(stream, seconds: 0.25, loudness: 100);
            Thread.Yield();
        }
    }

    private static void Push(IKeywordStream stream, double seconds, int loudness)
    {
        var samples = new short[(int)(seconds * SampleRateHz)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(loudness * Math.Sin(2 * Math.PI * 300 * i / SampleRateHz));
        }

        foreach (var piece in samples.Chunk(1_280))
        {
            stream.Push(piece);
        }
    }

    private sealed class Listener : IKeywordListener
    {
        public List<KeywordDetection> Detections { get; } = [];

        public List<string?> Troubles { get; } = [];

        public void OnScores(long endSample, ReadOnlySpan<float> scores)
        {
        }

        public void OnDetection(KeywordDetection detection) => Detections.Add(detection);

        public void OnNearMiss(KeywordDetection nearMiss)
        {
        }

        public void OnTrouble(string? reason) => Troubles.Add(reason);
    }
}
