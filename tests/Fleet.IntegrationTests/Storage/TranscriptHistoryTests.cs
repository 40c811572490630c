using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

public sealed class TranscriptHistoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SearchAsync_PagesWhileOthersInsert_EachOnceInOrder(bool oldestFirst)
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long a = await host.OpenSessionAsync("a");
        long b = await host.OpenSessionAsync("b");
        NewUtterance[] before =
        [
            .. Enumerable.Range(0, 40).Select(n => StorageHost.Utterance("a", a, _now.AddSeconds(n))),
            .. Enumerable.Range(0, 40).Select(n => StorageHost.Utterance("b", b, _now.AddSeconds(n))),
        ];

        // The same id on two devices: the order must not depend on chance.
        before[41] = before[41] with { UtteranceId = before[1].UtteranceId };
        await host.Utterances.StoreAsync(before, host.Silo);

        List<UtteranceKey> seen = [];
        HistoryQuery query = new() { PageSize = 7, OldestFirst = oldestFirst };
        do
        {
            HistoryPage page = await host.History.SearchAsync(query);
            seen.AddRange(page.Items.Select(item => item.Utterance.Key));
            query = query with { PageToken = page.NextPageToken };

            // Both ends of the list: what comes after the page may appear, nothing may move.
            await host.Utterances.StoreAsync(
                [StorageHost.Utterance("a", a, _now.AddHours(-1)), StorageHost.Utterance("a", a, _now.AddHours(1))], host.Silo);
        }
        while (query.PageToken is not null);

        UtteranceKey[] expected =
            [.. before.Select(utterance => utterance.Key).OrderBy(key => key.UtteranceId).ThenBy(key => key.DeviceId)];
        UtteranceKey[] found = [.. seen.Where(expected.Contains)];
        found.ShouldBe(oldestFirst ? expected : expected.Reverse());
        seen.ShouldBeUnique();
    }

    [PostgresFact]
    public async Task SearchAsync_Words_AreStemmedMarkedAndNoStopWordIsIgnored()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await host.SayAsync("pi-1", epoch, _now.AddSeconds(1), "turn it on");
        await host.SayAsync("pi-1", epoch, _now.AddSeconds(2), "turn it off");
        await host.SayAsync("pi-1", epoch, _now.AddSeconds(3), "the lights were turning green");

        (await TextsAsync(host, "on")).ShouldBe(["turn it [on]"]);
        (await TextsAsync(host, "\"it off\"")).ShouldBe(["turn [it] [off]"]);
        (await TextsAsync(host, "turned")).ShouldBe(["the lights were [turning] green", "[turn] it off", "[turn] it on"]);
        (await TextsAsync(host, "turn -it")).ShouldBe(["the lights were [turning] green"]);
        (await TextsAsync(host, "green or OFF")).ShouldBe(["the lights were turning [green]", "turn it [off]"]);
        (await TextsAsync(host, "  ")).Count.ShouldBe(3);
        (await TextsAsync(host, null)).ShouldBe(["the lights were turning green", "turn it off", "turn it on"]);
    }

    [PostgresFact]
    public async Task SearchAsync_TextThatLooksLikeMarkup_ComesBackWhole()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        const string text =
            "<b>light</b> & \uE000light\uE001 <script>alert('light')</script> http://a.example/light?x=1 semi-light  two  blanks\n€";
        await host.SayAsync("pi-1", epoch, _now, text);

        HistoryItem item = (await host.History.SearchAsync(new HistoryQuery { Text = "light" })).Items.ShouldHaveSingleItem();

        item.Utterance.Text.ShouldBe(text);
        string.Concat(item.Snippet.Select(segment => segment.Text)).ShouldBe(text.Replace('\uE000', '\uFFFD').Replace('\uE001', '\uFFFD'));
        item.Snippet.Count(segment => segment is { IsMatch: true, Text: "light" }).ShouldBeGreaterThanOrEqualTo(3);
        item.Snippet.ShouldAllBe(segment => segment.Text.Length > 0);
    }

    [PostgresFact]
    public async Task SearchAsync_OddText_NeverThrows()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.SayAsync("pi-1", await host.OpenSessionAsync("pi-1"), _now, "hello world");
        string[] odd =
        [
            "\"", "\"\"", ":*", "!", "&", "|", "()", "-", "--", "'", "\\", "<->", "or", "or or", "-or", "%", "\0", "\uD83D", "\uDE00\uD83D",
            "\uE000", "$1", "'; DROP TABLE utterances; --", new string('a', 5_000), new string('語', 5_000), new string('"', 5_000),
            string.Concat(Enumerable.Repeat("😀", 3_000)), string.Concat(Enumerable.Repeat("İ", 3_000)),
            string.Concat(Enumerable.Repeat("a or -b ", 500)),
        ];

        foreach (string text in odd)
        {
            await Should.NotThrowAsync(() => host.History.SearchAsync(new HistoryQuery { Text = text }), $"text: {text}");
        }

        (await TextsAsync(host, "\"hello")).ShouldBe(["[hello] world"]);
        (await TextsAsync(host, ":*")).ShouldBeEmpty();
        (await host.History.SearchAsync(new HistoryQuery { DeviceIds = ["a\0b"] })).Items.ShouldBeEmpty();
        (await host.History.GetAsync("a\0b", Guid.NewGuid())).ShouldBeNull();
        (await host.Audio.ReadAsync("\uD83D", Guid.NewGuid())).ShouldBeNull();
    }

    [PostgresFact]
    public async Task SearchAsync_RandomText_NeverThrows()
    {
        const int seed = 20_261;
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.SayAsync("pi-1", await host.OpenSessionAsync("pi-1"), _now, "hello world");
        Random random = new(seed);
        const string alphabet = "ab \"'-:*&|!()<>\\or,.\t\n0\u00E4\uD83D\uDE00\uE000\0";

        for (int i = 0; i < 300; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            await Should.NotThrowAsync(() => host.History.SearchAsync(new HistoryQuery { Text = text }), $"seed {seed}, text {i}");
        }
    }

    [PostgresFact]
    public async Task SearchAsync_Filters_AreJoined()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long a = await host.OpenSessionAsync("a");
        long b = await host.OpenSessionAsync("b");
        DateTimeOffset noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
        UtteranceKey early = await host.SayAsync("a", a, noon, "one");
        UtteranceKey late = await host.SayAsync("a", a, noon.AddMinutes(10), "two");
        UtteranceKey other = await host.SayAsync("b", b, noon.AddMinutes(5), "three");
        UtteranceKey waiting = await host.StoreAsync(StorageHost.Utterance("b", b, noon.AddMinutes(20)));

        (await KeysAsync(host, new HistoryQuery { DeviceIds = ["a"] })).ShouldBe([late, early]);
        (await KeysAsync(host, new HistoryQuery { DeviceIds = ["a", "b", "c"], OldestFirst = true }))
            .ShouldBe([early, other, late, waiting]);
        (await KeysAsync(host, new HistoryQuery { Statuses = [UtteranceStatus.Stored, UtteranceStatus.Failed] })).ShouldBe([waiting]);
        (await KeysAsync(host, new HistoryQuery { From = noon.AddMinutes(5), To = noon.AddMinutes(10) })).ShouldBe([other]);
        (await KeysAsync(host, new HistoryQuery { From = noon.AddMinutes(5).ToOffset(TimeSpan.FromHours(9)) }))
            .ShouldBe([waiting, late, other]);
        (await KeysAsync(host, new HistoryQuery { To = noon.AddMilliseconds(1), DeviceIds = ["a"], Text = "one" })).ShouldBe([early]);
        (await KeysAsync(host, new HistoryQuery { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue })).Count.ShouldBe(4);
    }

    [PostgresFact]
    public async Task SearchAsync_TimeFilter_ReadsTheMonthsPartitionOnly()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await host.ScalarAsync<int>("SELECT fleet_ensure_partitions('2026-01-01Z', 6)");

        // The condition that SearchAsync adds beside the one on started_at.
        await using NpgsqlCommand command = host.DataSource.CreateCommand(
            "EXPLAIN SELECT FROM utterances u WHERE u.utterance_id >= $1 AND u.utterance_id < $2");
        DateTimeOffset day = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = UtteranceIdTime.Floor(day) });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = UtteranceIdTime.Floor(day.AddDays(1)) });
        List<string> plan = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        plan.ShouldContain(line => line.Contains("utterances_2026_03"));
        plan.ShouldNotContain(line => line.Contains("utterances_2026_02") || line.Contains("utterances_2026_04"));
    }

    [PostgresFact]
    public async Task SearchAsync_ForeignPageToken_IsRefusedClearly()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await host.SayAsync("pi-1", epoch, _now, "one");
        await host.SayAsync("pi-1", epoch, _now, "one more");
        string token = (await host.History.SearchAsync(new HistoryQuery { Text = "one", PageSize = 1 })).NextPageToken.ShouldNotBeNull();

        foreach (string bad in new[] { "x", "not base64!", token[..^3], token + "AAAA", "AAAA", new string('A', 10_000) })
        {
            await Should.ThrowAsync<InvalidPageTokenException>(
                () => host.History.SearchAsync(new HistoryQuery { PageToken = bad, Text = "ones" }));
        }

        await Should.ThrowAsync<InvalidPageTokenException>(() => host.History.SearchAsync(new HistoryQuery { PageToken = token }));
        (await host.History.SearchAsync(new HistoryQuery { Text = "one", PageToken = token })).Items.Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task CountsAsync_SomeOfEach_AreCounted()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await host.OpenSessionAsync("pi-2");
        HistoryCounts empty = await host.History.CountsAsync();
        DateTimeOffset clock = empty.AsOf;
        for (int i = 0; i < 12; i++)
        {
            await host.SayAsync("pi-1", epoch, clock.AddMinutes(-i), $"text {i}");
        }

        UtteranceKey failed = await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, clock.AddMinutes(-3)));
        await host.Utterances.CompleteAsync([new TranscriptResult(failed, host.Silo, 1, UtteranceStatus.Failed, Reason: "no")]);
        await host.StoreAsync(StorageHost.Utterance("pi-1", epoch, clock.AddDays(-2)));

        HistoryCounts counts = await host.History.CountsAsync();

        empty.Total.ShouldBe(0);
        empty.ByStatus.Count.ShouldBe(5);
        counts.Devices.ShouldBe(2);
        empty.WaitingSince.ShouldBeNull();
        counts.WaitingSince.ShouldNotBeNull().ShouldBeInRange(empty.AsOf, counts.AsOf);
        counts.Total.ShouldBe(14);
        counts.ByStatus[UtteranceStatus.Transcribed].ShouldBe(12);
        counts.ByStatus[UtteranceStatus.Failed].ShouldBe(1);
        counts.ByStatus[UtteranceStatus.Stored].ShouldBe(1);
        counts.LastHour.Count.ShouldBe(60);
        counts.LastHour.Sum(minute => minute.Utterances).ShouldBe(13);
        counts.LastHour.Sum(minute => minute.Transcribed).ShouldBe(12);
        counts.LastHour.Sum(minute => minute.Failed).ShouldBe(1);
        counts.LastHour.ShouldBeInOrder(SortDirection.Ascending, Comparer<MinuteCount>.Create((x, y) => x.Minute.CompareTo(y.Minute)));
        counts.Latest.Select(latest => latest.Text).ShouldBe(Enumerable.Range(0, 10).Select(i => $"text {i}"));
    }

    private static async Task<IReadOnlyList<string>> TextsAsync(StorageHost host, string? text) =>
    [
        .. (await host.History.SearchAsync(new HistoryQuery { Text = text })).Items.Select(
            item => string.Concat(item.Snippet.Select(segment => segment.IsMatch ? $"[{segment.Text}]" : segment.Text))),
    ];

    private static async Task<IReadOnlyList<UtteranceKey>> KeysAsync(StorageHost host, HistoryQuery query) =>
        [.. (await host.History.SearchAsync(query)).Items.Select(item => item.Utterance.Key)];
}
