using System.Globalization;
using Fleet.Benchmarks.Connections;
using Fleet.Benchmarks.Ingest;
using Fleet.Testing;

namespace Fleet.Benchmarks.Spotting;

/// <summary>
/// What it costs to listen: the agent as a process, as it is, with so many devices to which the recordings of samples/ are spoken again and again at the pace of
/// speech. No cloud is there, so that nothing but the audio path is measured.
/// </summary>
internal static class SpottingCommand
{
    public const string Usage =
        """
              --devices N         devices of one agent (repeatable; 1 10 25 50)
              --seconds S         length of each measurement (30; 5 to 600)
              --pause S           quiet between two recordings (2; 0 to 60)
              --trigger NAME      keyword (default) or vad
        """;

    private static readonly int[] _devices = [1, 10, 25, 50];

    // Models are loaded, code is compiled, and every device has begun.
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var given = arguments.All("--devices").Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var devices = given.Length > 0 ? given : _devices;
        var seconds = arguments.Number("--seconds") ?? 30;
        var pause = arguments.Number("--pause") ?? 2;
        var trigger = arguments.All("--trigger") is [.., var last] ? last : "keyword";
        if (devices.Any(static count => count is < 1 or > 1_000) || seconds is < 5 or > 600 || pause is < 0 or > 60 || trigger is not ("keyword" or "vad"))
        {
            throw new UsageException("--devices must be 1 to 1000, --seconds 5 to 600, --pause 0 to 60, --trigger keyword or vad.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores; load average {Machine.LoadAverage()}; trigger {trigger}, {pause} s between recordings"));
        Console.WriteLine();
        Console.WriteLine("| devices | of one core | for each device | resident memory MiB |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var count in devices)
        {
            var (cores, memory) = await MeasureAsync(count, TimeSpan.FromSeconds(seconds), pause, trigger);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count} | {cores * 100:F0} % | {cores / count * 1_000:F1} ms a second | {memory:F0} |"));
        }

        Console.WriteLine();
        Console.WriteLine($"Load average at the end {Machine.LoadAverage()}");
        return 0;
    }

    private static async Task<(double Cores, double MiB)> MeasureAsync(int devices, TimeSpan lasting, double pause, string trigger)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-spotting-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "no cloud takes it");
        // Port 9 (discard) of this machine: nobody is there.
        string[] line =
        [
            "--server", "http://127.0.0.1:9", "--key-file", Path.Combine(folder, "key"), "--state-dir", folder, "--play", Path.Combine(RepositoryPaths.Root, "samples"),
            "--loop", "--pause", pause.ToString(CultureInfo.InvariantCulture), .. trigger == "keyword" ? new[] { "--keyword", "listen" } : ["--trigger", "vad"],
            .. devices == 1 ? Array.Empty<string>() : ["--simulate", devices.ToString(CultureInfo.InvariantCulture)],
        ];
        await using var agent = TestProgram.Start("Fleet.DeviceAgent", line);
        try
        {
            await Task.Delay(_warmUp, TimeProvider.System, CancellationToken.None);
            var processId = agent.Process.ProcessId;
            var (began, used) = (TimeProvider.System.GetTimestamp(), ProcessCpu.Seconds(processId));
            await Task.Delay(lasting, TimeProvider.System, CancellationToken.None);
            var cores = (ProcessCpu.Seconds(processId) - used) / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            return (cores, ProcessMemory.ResidentMiB(processId));
        }
        finally
        {
            await agent.StopAsync(TimeSpan.FromSeconds(30));
            Directory.Delete(folder, recursive: true);
        }
    }
}
