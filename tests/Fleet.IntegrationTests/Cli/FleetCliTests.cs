using System.CommandLine;
using System.Text.Json;
using Fleet.Cli;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;

namespace Fleet.IntegrationTests.Cli;

/// <summary>The commands of fleet-cli that ask a fleet, against a real silo.</summary>
public sealed class FleetCliTests : SiloTestBase, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-cli-test-").FullName;

    [PostgresFact]
    public async Task DevicesAndHistory_ForPeopleAndPrograms_SayWhatIsStored()
    {
        await using var silo = await StartAsync();
        var (device, ids) = await SayAsync(silo, "turn on the light", "two cups of coffee");

        var devices = Json((await RunAsync(silo, "devices", "--json")).Output).ShouldHaveSingleItem();
        var table = await RunAsync(silo, "devices");
        var found = Json((await RunAsync(silo, "history", "coffee", "--device", device, "--since", "1h", "--json")).Output).ShouldHaveSingleItem();
        var tsv = (await RunAsync(silo, "history", "--tsv", "--oldest-first", "--status", "transcribed")).Output.TrimEnd('\n').Split('\n');
        var nothing = await RunAsync(silo, "history", "nowhere");

        (devices.GetProperty("device_id").GetString(), devices.GetProperty("stored").GetInt32()).ShouldBe((device, 2));
        table.Output.ShouldContain(device);
        table.Output.ShouldContain("1 devices, ");
        (found.GetProperty("utterance_id").GetString(), found.GetProperty("text").GetString()).ShouldBe((ids[1], "two cups of coffee"));
        tsv.Length.ShouldBe(3);
        tsv[1].ShouldContain("\tturn on the light\t");
        (nothing.Code, nothing.Output).ShouldBe((0, "Nothing was found: fewer words or a longer time may find more.\n"));
        var (first, all) = (await RunAsync(silo, "history", "--limit", "1"), await RunAsync(silo, "history", "--limit", "0"));
        first.Output.ShouldContain("1 utterances, and there are more");
        all.Output.ShouldContain("2 utterances.");
    }

    [PostgresFact]
    public async Task History_WithAudio_PutsEveryRecordingIntoTheFolderOnce()
    {
        await using var silo = await StartAsync();
        var (device, ids) = await SayAsync(silo, "one", "two");
        await QueryAsync($"DELETE FROM utterance_audio WHERE utterance_id = '{ids[0]}'");
        var folder = Path.Combine(_folder, "audio");

        var told = (await RunAsync(silo, "history", "--audio", folder)).Errors;
        var file = Directory.GetFiles(folder).ShouldHaveSingleItem();
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        await RunAsync(silo, "history", "--audio", folder);

        told.ShouldBe($"1 of 2 utterances have a recording in {folder}.\n");
        Path.GetFileName(file).ShouldStartWith(device);
        file.ShouldEndWith($"{ids[1]}.wav");
        Fleet.Audio.WavReader.ReadFile(file).Samples.Length.ShouldBe(1_601);
        File.GetLastWriteTimeUtc(file).ShouldBe(DateTime.UnixEpoch, "what is there stays");
    }

    [PostgresFact]
    public async Task Watch_SiloGoesAwayAndComesBack_ShowsEachTranscriptAndKeepsItsPlace()
    {
        var port = FreePort();
        var settings = new Dictionary<string, string?> { ["Fleet:Grpc:Listen"] = $"127.0.0.1:{port}" };
        var keys = Path.Combine(_folder, "keys");
        Directory.CreateDirectory(keys);
        var resume = Path.Combine(_folder, "token");
        Task<(int Code, string Output, string Errors)> watching;
        using var errors = new SignallingWriter("Watching", "Trying again", "Connected again");
        await using (var first = await StartAsync(settings, keys))
        {
            watching = RunAsync(first, errors, "watch", "--count", "2", "--resume-file", resume);
            await errors.SeenAsync("Watching");
            await SayAsync(first, "before");
        }

        await errors.SeenAsync("Trying again");
        await using var second = await StartAsync(settings, keys);
        await SayAsync(second, "after");
        var watched = await watching.WaitAsync(TimeSpan.FromSeconds(30));

        watched.Code.ShouldBe(0);
        watched.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ")[^1]).ShouldBe(["before", "after"]);
        await SayAsync(second, "later");
        var json = Json((await RunAsync(second, "watch", "--count", "1", "--resume-file", resume, "--json")).Output);
        json.Select(line => line.GetProperty("utterance").GetProperty("text").GetString()).ShouldAllBe(text => text == "" || text == "later");
        json[^1].GetProperty("resume_token").GetString().ShouldBe((await File.ReadAllTextAsync(resume)).Trim());
        json[^1].EnumerateObject().Select(property => property.Name).ShouldBe(["resume_token", "device_id", "utterance_id", "erased", "utterance"]);
    }

    [PostgresFact]
    public async Task Transcribe_ARecordingOfAnotherRate_IsHeardByTheFleetAndNotStored()
    {
        await using var silo = await StartAsync();
        var file = Path.Combine(RepositoryPaths.Root, "samples", "two-sentences.wav");
        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, "two sentences"));

        var told = await RunAsync(silo, "transcribe", file);
        var json = Json((await RunAsync(silo, "transcribe", file, "--deployment", "green", "--json")).Output).ShouldHaveSingleItem();
        var wrong = await RunAsync(silo, "transcribe", file, "--deployment", "grene");

        (told.Code, told.Output).ShouldBe((0, "two sentences  (75 %)\n"));
        (json.GetProperty("deployment").GetString(), json.GetProperty("status").GetString()).ShouldBe(("green", "transcribed"));
        json.GetProperty("duration_ms").GetInt64().ShouldBeGreaterThan(1_000);
        (wrong.Code, wrong.Errors).ShouldBe((1, "deployment is 'grene'; this silo knows blue, green.\n"));
        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(0L);
    }

    [PostgresFact]
    public async Task Retranscribe_FromStartToPromotion_AsAPersonDoesIt()
    {
        await using var silo = await StartAsync();
        var (device, ids) = await SayAsync(silo, "turn on the lied", "good morning");
        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, call.UtteranceId == ids[0] ? "Turn on the light" : "Good morning."));

        var started = await RunAsync(silo, "retranscribe", "--since", "1h", "--deployment", "green", "--wait");
        var diff = await RunAsync(silo, "retranscribe", "diff", "latest");
        var json = Json((await RunAsync(silo, "retranscribe", "diff", "latest", "--json", "--same")).Output);
        var listed = Json((await RunAsync(silo, "retranscribe", "list", "--json")).Output).ShouldHaveSingleItem();
        var promoted = Json((await RunAsync(silo, "retranscribe", "promote", "latest", "--json")).Output).ShouldHaveSingleItem();
        var versions = await RunAsync(silo, "versions", device, ids[0]);

        started.Code.ShouldBe(0);
        started.Output.ShouldContain("finished");
        started.Output.ShouldContain("1; 1 of 6 words (16.7 %)");
        started.Output.ShouldContain("fleet-cli retranscribe diff ");
        diff.Output.ShouldContain("Turn on the [-lied-] {+light+}");
        diff.Output.ShouldContain("1 of 2 utterances differ.");
        json.Count.ShouldBe(2);
        listed.GetProperty("state").GetString().ShouldBe("finished");
        promoted.GetProperty("state").GetString().ShouldBe("promoted");
        promoted.GetProperty("decided_by").GetString().ShouldBe($"{Environment.UserName}@{Environment.MachineName}");
        Json((await RunAsync(silo, "history", "light", "--json")).Output).ShouldHaveSingleItem().GetProperty("version").GetInt32().ShouldBe(2);
        versions.Output.ShouldContain("Turn on the light");
        versions.Output.ShouldContain("{+lied+}");
        var discard = await RunAsync(silo, "retranscribe", "discard", "latest");
        (discard.Code, discard.Errors).ShouldBe((1, $"Run {promoted.GetProperty("run_id").GetString()} is promoted already.\n"));
    }

    [PostgresFact]
    public async Task Commands_ThatCannotBeDone_SayWhatToDoAndHaveTheirExitCode()
    {
        await using var silo = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "wrong.key"), "wrong");

        (string[] Line, int Code, string Words)[] all =
        [
            (["retranscribe", "--deployment", "grene", "--since", "1h"], 1, "this silo knows blue, green."),
            (["retranscribe", "--since", "1h"], 1, "Give --deployment NAME."),
            (["retranscribe", "--deployment", "green"], 1, "Since when? Give --since 7d"),
            (["retranscribe", "--deployment", "green", "--since", "1h"], 1, "No utterance fits"),
            (["retranscribe", "show", "latest"], 1, "There is no run yet"),
            (["retranscribe", "promote", "abc"], 1, "No run has 'abc' in its id"),
            (["versions", "nobody", Guid.NewGuid().ToString()], 1, "There is no utterance"),
            (["watch", "--resume", "no such"], 1, "resume_token is not one that WatchTranscripts gave out"),
            (["devices", "--server", "http://127.0.0.1:1"], 2, "The fleet does not answer at http://127.0.0.1:1:"),
            (["devices", "--key-file", Path.Combine(_folder, "wrong.key")], 1, "does not take the API key from"),
        ];
        foreach (var (line, code, words) in all)
        {
            var told = await RunAsync(silo, line);
            told.Errors.ShouldContain(words, customMessage: string.Join(' ', line));
            (told.Code, told.Output).ShouldBe((code, ""), string.Join(' ', line));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<JsonElement> Json(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(SiloUnderTest silo, params string[] line) => RunAsync(silo, new StringWriter(), line);

    private async Task<(int Code, string Output, string Errors)> RunAsync(SiloUnderTest silo, TextWriter errors, params string[] line)
    {
        var key = Path.Combine(_folder, "api.key");
        await File.WriteAllTextAsync(key, silo.ApiKey);
        using StringWriter output = new();
        string[] all =
        [
            .. line,
            .. line.Contains("--server") ? Array.Empty<string>() : ["--server", silo.GrpcAddress],
            .. line.Contains("--key-file") ? Array.Empty<string>() : ["--key-file", key],
        ];
        var parsed = RootCommandFactory.Create(TimeProvider.System).Parse(all);
        parsed.Errors.ShouldBeEmpty();
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, CancellationToken.None);
        return (code, output.ToString(), errors.ToString() ?? "");
    }

    private async Task<(string Device, string[] Ids)> SayAsync(SiloUnderTest silo, params string[] texts)
    {
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        List<string> ids = [];
        foreach (var text in texts)
        {
            Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, text));
            var id = await device.SendUtteranceAsync(TestDevice.Pcm(3_200 + (2 * ids.Count)));
            await device.NextAsync(CloudMessage.KindOneofCase.Transcript);
            ids.Add(id.ToString("D"));
        }

        return (device.DeviceId, [.. ids]);
    }

    private Task<SiloUnderTest> StartAsync(Dictionary<string, string?>? settings = null, string? keyFolder = null) =>
        SiloUnderTest.StartAsync(Database.OwnerConnectionString, Scorer.Endpoint, NamedDeployments.With(settings), keyFolder);

    /// <summary>Lets a test wait until something has been written.</summary>
    private sealed class SignallingWriter(params string[] words) : StringWriter
    {
        private readonly Dictionary<string, TaskCompletionSource> _seen =
            words.ToDictionary(word => word, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        public Task SeenAsync(string word) => _seen[word].Task.WaitAsync(TimeSpan.FromSeconds(20));

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            foreach (var word in _seen.Keys.Where(word => value?.Contains(word, StringComparison.Ordinal) == true))
            {
                _seen[word].TrySetResult();
            }
        }
    }
}
