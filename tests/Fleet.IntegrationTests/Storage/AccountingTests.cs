using Fleet.Storage;
using Fleet.Testing;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

/// <summary>So many spoken, so many stored, so many lost, none missing: exact, whatever happens at the same time.</summary>
public sealed class AccountingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [PostgresFact]
    public async Task ReconcileAsync_NumbersWithoutRows_AreMissingUntilTheyTurnUp()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await StoreAsync(host, epoch, 2, 3, 7);
        await host.Utterances.StoreLossesAsync([StorageHost.Loss("pi-1", epoch, _now, 5)]);
        await ReportAsync(host, epoch, next: 12, settledBelow: 10);

        (await host.ReconcileAsync()).ShouldBe(1);
        (await host.ReconcileAsync()).ShouldBe(0);

        (await RangesAsync(host)).ShouldBe("1-1 4-4 6-6 8-9");
        await AssertAsync(host, spoken: 11, stored: 3, lost: 1, missing: 5, waiting: 2);

        // The end, the middle and the whole of a range; a loss; two of one range at once.
        await StoreAsync(host, epoch, 9, 1);
        await host.Utterances.StoreLossesAsync([StorageHost.Loss("pi-1", epoch, _now, 6)]);
        (await RangesAsync(host)).ShouldBe("4-4 8-8");
        await AssertAsync(host, spoken: 11, stored: 5, lost: 2, missing: 2, waiting: 2);
        await StoreAsync(host, epoch, 4, 8, 10, 11);
        (await RangesAsync(host)).ShouldBe("");
        await AssertAsync(host, spoken: 11, stored: 9, lost: 2, missing: 0, waiting: 0);
    }

    [PostgresFact]
    public async Task ReconcileAsync_AJumpOfTwoToTheFortieth_IsOneRange()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        const long far = 1L << 40;
        await StoreAsync(host, epoch, 1, far);
        await ReportAsync(host, epoch, far + 1, far + 1);

        await host.ReconcileAsync().WaitAsync(StorageHost.Deadline);

        (await RangesAsync(host)).ShouldBe($"2-{far - 1}");
        await StoreAsync(host, epoch, 1_000_000, 1_000_002, 1_000_001, 2);
        (await RangesAsync(host)).ShouldBe($"3-999999 1000003-{far - 1}");
        await AssertAsync(host, spoken: far, stored: 6, lost: 0, missing: far - 6, waiting: 0);
    }

    [PostgresFact]
    public async Task ReportNumbersAsync_LowerImpossibleOrOfAnOlderSession_ChangesNothing()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long older = await host.OpenSessionAsync("pi-1");
        long epoch = await host.OpenSessionAsync("pi-1");
        await ReportAsync(host, epoch, 100, 50);

        await host.Devices.ReportNumbersAsync(
        [
            new DeviceNumbers("pi-1", older, 1_000, 1_000),
            new DeviceNumbers("pi-1", epoch, 10, 5),
            new DeviceNumbers("pi-1", epoch, 0, 0),
            new DeviceNumbers("pi-1", epoch, long.MaxValue, long.MaxValue),
            new DeviceNumbers("pi-1", epoch, -1, -1),
            new DeviceNumbers("never-seen", 1, 10, 10),
        ]);
        (await NumbersAsync(host)).ShouldBe("100 50");

        await host.Devices.ReportNumbersAsync([new DeviceNumbers("pi-1", epoch, 101, 60), new DeviceNumbers("pi-1", epoch, 100, 70)]);
        (await NumbersAsync(host)).ShouldBe("101 70");

        // Not beyond what it has used.
        await ReportAsync(host, epoch, 101, 5_000);
        (await NumbersAsync(host)).ShouldBe("101 101");
    }

    [PostgresFact]
    public async Task Accounts_OfAReplacedInstall_AreApart()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        await StoreAsync(host, epoch, 1, 2, 3);
        await ReportAsync(host, epoch, 6, 6);
        Guid other = Guid.NewGuid();
        await host.Devices.ReplaceInstallAsync("pi-1", other);
        SessionOpened session = (await host.Devices.OpenSessionAsync("pi-1", other, Guid.NewGuid(), "test", "test")).ShouldBeOfType<SessionOpened>();

        // The same numbers again, and the numbers of the first one are compared all the same.
        await StoreAsync(host, session.Epoch, 1, 2);
        await ReportAsync(host, session.Epoch, 3, 3);
        (await host.ReconcileAsync()).ShouldBe(2);

        session.LastSequenceNumber.ShouldBe(0);
        (await RangesAsync(host)).ShouldBe("4-5");
        await AssertAsync(host, spoken: 7, stored: 5, lost: 0, missing: 2, waiting: 0);
        (await host.ScalarAsync<long>($"SELECT stored FROM installs WHERE install_id = '{other}'")).ShouldBe(2);
        (await host.History.ListAccountsAsync())["pi-1"].Missing.ShouldBe(2);
    }

    [PostgresFact]
    public async Task ReconcileAsync_ErasedOnes_AreNotMissingAndStayCounted()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey[] keys = await StoreAsync(host, epoch, 1, 2, 4);
        await host.Utterances.EraseAsync([keys[0], keys[2]]);
        await ReportAsync(host, epoch, 6, 6);

        await host.ReconcileAsync();
        await host.Utterances.EraseAsync([keys[1]]);

        (await RangesAsync(host)).ShouldBe("3-3 5-5");
        await AssertAsync(host, spoken: 5, stored: 3, lost: 0, missing: 2, waiting: 0);
    }

    [PostgresFact]
    public async Task Reconciler_StepByStep_FindsWhatOneStepFinds()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");
        UtteranceKey[] keys = await StoreAsync(host, epoch, 3, 4, 9, 10, 11, 20, 21, 40);

        // One number twice: as many rows as a step looks at must not hide the next number.
        await StoreAsync(host, epoch, 9, 9, 9);
        await host.Utterances.EraseAsync([keys[1], keys[4], keys[5]]);
        await ReportAsync(host, epoch, 61, 61);
        await using NpgsqlConnection connection = await host.DataSource.OpenConnectionAsync();
        UnreconciledInstall install = new("pi-1", StorageHost.Install("pi-1"), 61);

        int steps = 0;
        while ((await Reconciler.StepAsync(connection, install, maxRows: 2, CancellationToken.None)).ReconciledBelow < 61)
        {
            steps.ShouldBeLessThan(50);
            steps++;
        }

        steps.ShouldBeGreaterThan(2);
        (await RangesAsync(host)).ShouldBe("1-2 5-8 12-19 22-39 41-60");
        (await host.History.GetAccountsAsync()).Missing.ShouldBe(2 + 4 + 8 + 18 + 20);
    }

    [PostgresFact]
    public async Task Reconciler_SettledOneByOne_IsOneRange()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        long epoch = await host.OpenSessionAsync("pi-1");

        for (long settled = 2; settled <= 6; settled++)
        {
            await ReportAsync(host, epoch, 10, settled);
            await host.ReconcileAsync();
        }

        (await RangesAsync(host)).ShouldBe("1-5");
    }

    [PostgresFact]
    public async Task Reconciler_AnotherSiloIsAtIt_LeavesItAlone()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        await ReportAsync(host, await host.OpenSessionAsync("pi-1"), 5, 5);
        await using NpgsqlConnection other = await host.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await using (NpgsqlCommand take = new($"SELECT pg_advisory_xact_lock({AdvisoryLocks.Reconciliation})", other))
        {
            await take.ExecuteNonQueryAsync();
        }

        (await host.ReconcileAsync().WaitAsync(StorageHost.Deadline)).ShouldBe(0);
        await transaction.RollbackAsync();

        (await host.ReconcileAsync()).ShouldBe(1);
        (await host.History.GetAccountsAsync()).Missing.ShouldBe(4);
    }

    /// <summary>Stores, resends, losses, erasing, reports and several reconcilers at once; the sums must be right at the end, and none missing.</summary>
    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Accounts_EverythingAtOnce_AreExact(int seed)
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);
        const int perDevice = 150;
        string[] devices = ["a", "b", "c"];
        Dictionary<string, long> epochs = [];
        foreach (string device in devices)
        {
            epochs[device] = await host.OpenSessionAsync(device);
        }

        Random random = new(seed);
        HashSet<(string, int)> lost = [.. devices.SelectMany(device => Enumerable.Range(1, perDevice).Where(_ => random.Next(10) == 0).Select(n => (device, n)))];
        (string Device, int Number)[] all = [.. devices.SelectMany(device => Enumerable.Range(1, perDevice).Select(n => (device, n)))];
        random.Shuffle(all);
        Dictionary<(string, int), Guid> ids = all.ToDictionary(item => item, _ => Guid.CreateVersion7(_now));
        using SemaphoreSlim limit = new(8);
        List<Task> work = [];
        foreach ((string Device, int Number)[] group in all.Chunk(7))
        {
            int dice = random.Next(100);
            work.Add(WorkAsync(group, dice));
        }

        await Task.WhenAll(work).WaitAsync(StorageHost.Deadline * 3);
        await host.Devices.ReportNumbersAsync([.. devices.Select(device => new DeviceNumbers(device, epochs[device], perDevice + 1, perDevice + 1))]);
        await host.ReconcileAsync();

        UtteranceAccount account = await host.History.GetAccountsAsync();
        (account.Spoken, account.Stored, account.Lost, account.Missing, account.Waiting)
            .ShouldBe((all.Length, all.Length - lost.Count, lost.Count, 0, 0), $"seed {seed}");
        (await RangesAsync(host)).ShouldBe("", $"seed {seed}");

        async Task WorkAsync((string Device, int Number)[] group, int dice)
        {
            await limit.WaitAsync();
            try
            {
                NewUtterance[] stored =
                [
                    .. group.Where(item => !lost.Contains(item)).Select(item =>
                        StorageHost.Utterance(item.Device, epochs[item.Device], _now, item.Number) with { UtteranceId = ids[item] }),
                ];
                NewLoss[] losses =
                [
                    .. group.Where(lost.Contains).Select(item =>
                        StorageHost.Loss(item.Device, epochs[item.Device], _now, item.Number) with { UtteranceId = ids[item] }),
                ];
                if (dice < 30)
                {
                    // Settled too early: what it says is missing turns up.
                    await host.Devices.ReportNumbersAsync(
                        [.. group.Select(item => new DeviceNumbers(item.Device, epochs[item.Device], item.Number + 1, item.Number + 1))]);
                    await Task.WhenAll(host.ReconcileAsync(), host.ReconcileAsync());
                }

                await Task.WhenAll(
                    host.Utterances.StoreAsync(stored, host.Silo),
                    dice < 50 ? host.Utterances.StoreAsync(stored, host.Silo) : Task.CompletedTask,
                    host.Utterances.StoreLossesAsync(losses),
                    dice > 70 ? host.Utterances.StoreLossesAsync(losses) : Task.CompletedTask);
                if (dice is > 40 and < 60)
                {
                    await host.Utterances.EraseAsync([stored[0].Key]);
                }
            }
            finally
            {
                limit.Release();
            }
        }
    }

    private static async Task<UtteranceKey[]> StoreAsync(StorageHost host, long epoch, params long[] numbers)
    {
        NewUtterance[] group = [.. numbers.Select(number => StorageHost.Utterance("pi-1", epoch, _now, number))];
        (await host.Utterances.StoreAsync(group, host.Silo)).ShouldAllBe(result => result.Outcome == StoreOutcome.Stored);
        return [.. group.Select(utterance => utterance.Key)];
    }

    private static Task ReportAsync(StorageHost host, long epoch, long next, long settledBelow) =>
        host.Devices.ReportNumbersAsync([new DeviceNumbers("pi-1", epoch, next, settledBelow)]);

    private static Task<string> RangesAsync(StorageHost host) => host.ScalarAsync<string>(
        "SELECT coalesce(string_agg(first_number || '-' || last_number, ' ' ORDER BY device_id, first_number), '') FROM missing_ranges");

    private static Task<string> NumbersAsync(StorageHost host) => host.ScalarAsync<string>("SELECT next_sequence_number || ' ' || settled_below FROM installs");

    private static async Task AssertAsync(StorageHost host, long spoken, long stored, long lost, long missing, long waiting)
    {
        UtteranceAccount account = await host.History.GetAccountsAsync();
        (account.Spoken, account.Stored, account.Lost, account.Missing, account.Waiting).ShouldBe((spoken, stored, lost, missing, waiting));
    }
}
