using System.Runtime.InteropServices;
using Fleet.DeviceAgent.Capture.Live;

namespace Fleet.IntegrationTests.Agent.Capture;

/// <summary>
/// A program called arecord, written from what the real one is documented to do. Each run is the next of the given scripts (the last one goes on
/// for ever); <c>$N</c> is the number of the run, <c>$DIR</c> a folder of its own, and <c>sound</c> gives a second of samples whose value is the run's
/// number times 100, at once.
/// </summary>
internal sealed class FakeArecord : IDisposable
{
    public const int SamplesOfARun = 16_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-arecord-").FullName;

    /// <summary>Where to look for it: nothing else but the shell's own tools.</summary>
    public string SearchPath => $"{Path.Combine(_folder, "bin")}:/nowhere";

    public string File(string name) => Path.Combine(_folder, name);

    public void Install(params string[] runs)
    {
        for (var run = 1; run < 10; run++)
        {
            System.IO.File.WriteAllBytes(File($"{run}.pcm"), MemoryMarshal.AsBytes<short>(Enumerable.Repeat((short)(run * 100), SamplesOfARun).ToArray()).ToArray());
        }

        var bin = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        var cases = runs.Select((run, index) => $"{(index == runs.Length - 1 ? "*" : (index + 1).ToString("0", null))})\n{run}\n;;");
        var script = $$"""
            #!/bin/sh
            DIR='{{_folder}}'
            N=$(($(cat "$DIR/runs" 2>/dev/null || echo 0) + 1))
            echo $N > "$DIR/runs"
            echo $$ > "$DIR/pid"
            echo "$@" > "$DIR/arguments"
            sound() { cat "$DIR/$N.pcm"; }
            case $N in
            {{string.Join('\n', cases)}}
            esac
            """;
        var path = Path.Combine(bin, "arecord");
        System.IO.File.WriteAllText(path + ".new", script);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        System.IO.File.Move(path + ".new", path, overwrite: true);
    }

    public CaptureOptions Options(string input = "alsa:test")
    {
        InputAddress.TryParse(input, out var address, out _).ShouldBeTrue();
        return new CaptureOptions
        {
            Input = address.ShouldNotBeNull(),
            SearchPath = SearchPath,
            Buffer = TimeSpan.FromSeconds(60),
            ShortestRestartWait = TimeSpan.FromMilliseconds(1),
            LongestRestartWait = TimeSpan.FromMilliseconds(20),
        };
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
