using System.Collections.Concurrent;
using System.Globalization;
using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Storage;

/// <summary>
/// Several silos in random order (the seed is in the message of what fails): each utterance ends once, with the result of the silo that has it,
/// and a late result never replaces a newer one.
/// </summary>
public sealed class LeasePropertyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresTheory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Jobs_OneStepAtATime_AreAsTheModelSays(int seed)
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        Random random = new(seed);
        Dictionary<long, bool> silos = [];
        Dictionary<UtteranceKey, Job> jobs = [];

        // What some silo once had, and may come back with at any time.
        List<(UtteranceKey Key, long Owner, int Attempt)> had = [];
        for (int i = 0; i < 3; i++)
        {
            silos.Add(await host.Silos.RegisterAsync($"silo-{i}"), true);
        }

        for (int step = 0; step < 150; step++)
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, step {step}");
            long silo = silos.Keys.ElementAt(random.Next(silos.Count));
            switch (random.Next(8))
            {
                case 0 or 1:
                    NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now.AddMilliseconds(step), jobs.Count + 1);
                    (await host.Utterances.StoreAsync([utterance], silo)).ShouldBe([new StoreResult(StoreOutcome.Stored, 1)], where);
                    jobs.Add(utterance.Key, new Job { Owner = silo, Attempt = 1 });
                    had.Add((utterance.Key, silo, 1));
                    break;
                case 2 or 3:
                    int max = random.Next(1, 4);
                    HashSet<UtteranceKey> free = [.. jobs.Where(job => job.Value.IsFree(silos)).Select(job => job.Key)];
                    IReadOnlyList<ClaimedUtterance> claimed = await host.Utterances.ClaimAsync(silo, max);
                    claimed.Count.ShouldBe(silos[silo] ? Math.Min(max, free.Count) : 0, where);
                    foreach (ClaimedUtterance claim in claimed)
                    {
                        free.ShouldContain(claim.Key, where);
                        Job job = jobs[claim.Key];
                        claim.Attempt.ShouldBe(++job.Attempt, where);
                        job.Owner = silo;
                        had.Add((claim.Key, silo, claim.Attempt));
                    }

                    break;
                case 4 when had.Count > 0:
                    (UtteranceKey Key, long Owner, int Attempt) late = had[random.Next(had.Count)];
                    Job target = jobs[late.Key];
                    string text = $"{late.Owner} {late.Attempt} {step}";
                    bool expected = target.Owner == late.Owner && target.Attempt == late.Attempt;
                    (await host.Utterances.CompleteAsync([new TranscriptResult(late.Key, late.Owner, late.Attempt, UtteranceStatus.Transcribed, text)]))
                        .ShouldBe([expected], where);
                    if (expected)
                    {
                        target.Text ??= text;
                    }

                    break;
                case 5:
                    // Paused for longer than its lease, or back again: it is alive with the next renewal.
                    bool alive = !silos[silo];
                    await host.ScalarAsync<long>(
                        $"UPDATE silos SET lease_until = clock_timestamp() + interval '{(alive ? 60 : -1)} s' WHERE epoch = {silo} RETURNING epoch");
                    silos[silo] = alive;
                    break;
                case 6:
                    UtteranceKey[] some = [.. jobs.Keys.Where(_ => random.Next(3) == 0)];
                    await host.Utterances.ReleaseAsync(silo, some);
                    Release(jobs.Where(job => some.Contains(job.Key)), silo);
                    break;
                case 7 when random.Next(4) == 0:
                    await host.Utterances.ReleaseAsync(silo);
                    Release(jobs, silo);
                    break;
            }
        }

        long last = await host.Silos.RegisterAsync("last");
        foreach (long silo in silos.Keys)
        {
            await host.Silos.EndAsync(silo);
        }

        foreach (ClaimedUtterance claim in await host.Utterances.ClaimAsync(last, 1_000))
        {
            jobs[claim.Key].Text.ShouldBeNull($"seed {seed}");
            jobs[claim.Key].Text = "last";
            await host.Utterances.CompleteAsync([new TranscriptResult(claim.Key, last, claim.Attempt, UtteranceStatus.Transcribed, "last")]);
        }

        foreach ((UtteranceKey key, Job job) in jobs)
        {
            UtteranceRecord row = (await host.History.GetAsync(key.DeviceId, key.UtteranceId)).ShouldNotBeNull();
            (row.Status, row.Text).ShouldBe((UtteranceStatus.Transcribed, job.Text), $"seed {seed}");
        }
    }

    [PostgresTheory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Jobs_AllAtOnce_EachEndsOnce(int seed)
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        long[] silos = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => host.Silos.RegisterAsync($"silo-{n}")));
        ConcurrentBag<(UtteranceKey Key, long Owner, int Attempt, string Text)> accepted = [];
        int number = 0;

        await Task.WhenAll(silos.Select((silo, index) => Task.Run(() => WorkAsync(silo, new Random((seed * 100) + index))))).WaitAsync(StorageHost.Deadline * 3);

        long last = await host.Silos.RegisterAsync("last");
        foreach (long silo in silos)
        {
            await host.Silos.EndAsync(silo);
        }

        foreach (ClaimedUtterance claim in await host.Utterances.ClaimAsync(last, 1_000))
        {
            await CompleteAsync(claim.Key, last, claim.Attempt, "last");
        }

        (await host.ScalarAsync<long>("SELECT count(*) FROM utterances WHERE status <> 2")).ShouldBe(0, $"seed {seed}");
        foreach (var ends in accepted.GroupBy(end => end.Key))
        {
            // The one that has it may say so twice; the first text stays.
            ends.Select(end => (end.Owner, end.Attempt)).Distinct().Count().ShouldBe(1, $"seed {seed}");
            string text = (await host.History.GetAsync(ends.Key.DeviceId, ends.Key.UtteranceId)).ShouldNotBeNull().Text;
            ends.Select(end => end.Text).ShouldContain(text, $"seed {seed}");
        }

        accepted.Select(end => end.Key).Distinct().Count().ShouldBe(number, $"seed {seed}");

        async Task WorkAsync(long silo, Random random)
        {
            List<(UtteranceKey Key, int Attempt)> mine = [];
            for (int step = 0; step < 60; step++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        NewUtterance utterance = StorageHost.Utterance("pi-1", epoch, _now.AddMilliseconds(step), Interlocked.Increment(ref number));
                        await host.Utterances.StoreAsync([utterance], silo);
                        mine.Add((utterance.Key, 1));
                        break;
                    case 1 or 2:
                        mine.AddRange((await host.Utterances.ClaimAsync(silo, 3)).Select(claim => (claim.Key, claim.Attempt)));
                        break;
                    case 3 when mine.Count > 0:
                        (UtteranceKey key, int attempt) = mine[random.Next(mine.Count)];
                        await CompleteAsync(key, silo, attempt, $"{silo} {step}");
                        break;
                    case 4:
                        await host.ScalarAsync<long>(
                            $"UPDATE silos SET lease_until = clock_timestamp() + interval '{(random.Next(2) == 0 ? 60 : -1)} s' WHERE epoch = {silo} RETURNING epoch");
                        break;
                    case 5 when random.Next(5) == 0:
                        await host.Utterances.ReleaseAsync(silo);
                        break;
                }
            }
        }

        async Task CompleteAsync(UtteranceKey key, long silo, int attempt, string text)
        {
            if ((await host.Utterances.CompleteAsync([new TranscriptResult(key, silo, attempt, UtteranceStatus.Transcribed, text)])).Single())
            {
                accepted.Add((key, silo, attempt, text));
            }
        }
    }

    private static void Release(IEnumerable<KeyValuePair<UtteranceKey, Job>> jobs, long silo)
    {
        foreach ((_, Job job) in jobs.Where(job => job.Value.Text is null && job.Value.Owner == silo))
        {
            job.Owner = null;
        }
    }

    private sealed class Job
    {
        public long? Owner { get; set; }

        public int Attempt { get; set; }

        public string? Text { get; set; }

        public bool IsFree(Dictionary<long, bool> silos) => Text is null && (Owner is not { } owner || !silos[owner]);
    }
}
