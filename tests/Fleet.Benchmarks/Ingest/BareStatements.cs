using Fleet.V1;
using Npgsql;

namespace Fleet.Benchmarks.Ingest;

/// <summary>The two inserts of the bare loop: the columns that the silo fills, in one transaction and one round trip, prepared once.</summary>
internal static class BareStatements
{
    private const string Rows =
        """
        INSERT INTO utterances (
            device_id, utterance_id, session_epoch, sequence_number, started_at, duration_ms, trigger, source, end_reason, clock, install_id,
            owner, attempt)
        SELECT *, 1, 1 FROM unnest(
            $1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::int[], $7::smallint[], $8::text[], $9::smallint[],
            $10::smallint[], $11::uuid[])
        """;

    private const string Audio =
        """
        INSERT INTO utterance_audio (device_id, utterance_id, sample_rate_hz, pcm)
        SELECT * FROM unnest($1::text[], $2::uuid[], $3::int[], $4::bytea[])
        """;

    private static readonly Guid _installId = Guid.NewGuid();

    public static NpgsqlBatch Create(NpgsqlConnection connection) => new(connection)
    {
        BatchCommands =
        {
            new NpgsqlBatchCommand(Rows)
            {
                Parameters =
                {
                    new NpgsqlParameter<string[]>(), new NpgsqlParameter<Guid[]>(), new NpgsqlParameter<long[]>(), new NpgsqlParameter<long[]>(),
                    new NpgsqlParameter<DateTimeOffset[]>(), new NpgsqlParameter<int[]>(), new NpgsqlParameter<short[]>(), new NpgsqlParameter<string[]>(),
                    new NpgsqlParameter<short[]>(), new NpgsqlParameter<short[]>(), new NpgsqlParameter<Guid[]>(),
                },
            },
            new NpgsqlBatchCommand(Audio)
            {
                Parameters =
                {
                    new NpgsqlParameter<string[]>(), new NpgsqlParameter<Guid[]>(), new NpgsqlParameter<int[]>(),
                    new NpgsqlParameter<ReadOnlyMemory<byte>[]>(),
                },
            },
        },
    };

    public static void Fill(NpgsqlBatch batch, DeviceAudio audio, int rows, long firstNumber)
    {
        var now = TimeProvider.System.GetUtcNow();
        string[] devices = [.. Enumerable.Range(0, rows).Select(static i => $"bare-{i % 64}")];
        Guid[] ids = [.. Enumerable.Range(0, rows).Select(_ => Guid.CreateVersion7(now))];
        var durationMs = audio.Pcm.Length / (DeviceAudio.BytesPerSecond / 1_000);
        var parameters = batch.BatchCommands[0].Parameters;
        Set(parameters, 0, devices);
        Set(parameters, 1, ids);
        Set(parameters, 2, Repeat(1L, rows));
        Set<long>(parameters, 3, [.. Enumerable.Range(1, rows).Select(i => firstNumber + i)]);
        Set(parameters, 4, Repeat(now, rows));
        Set(parameters, 5, Repeat(durationMs, rows));
        Set(parameters, 6, Repeat((short)Trigger.Vad, rows));
        Set(parameters, 7, Repeat("benchmark", rows));
        Set(parameters, 8, Repeat((short)UtteranceEnd.Types.Reason.Silence, rows));
        Set(parameters, 9, Repeat((short)Clock.Server, rows));
        Set(parameters, 10, Repeat(_installId, rows));
        parameters = batch.BatchCommands[1].Parameters;
        Set(parameters, 0, devices);
        Set(parameters, 1, ids);
        Set(parameters, 2, Repeat(16_000, rows));
        Set(parameters, 3, Repeat(audio.Pcm, rows));
        batch.Prepare();
    }

    private static T[] Repeat<T>(T value, int count)
    {
        var values = new T[count];
        Array.Fill(values, value);
        return values;
    }

    private static void Set<T>(NpgsqlParameterCollection parameters, int index, T[] values) =>
        ((NpgsqlParameter<T[]>)parameters[index]).TypedValue = values;
}
