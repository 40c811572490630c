using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.Cli.Transcribe;

/// <summary>`fleet-cli transcribe`: what the fleet's endpoint hears in recordings; nothing is stored.</summary>
internal sealed class TranscribeCommand
{
    private const string About =
        """
        What the fleet's speech to text makes of recordings. They go the way of everything that is not live,
        behind all live speech, and nothing of them is stored.

        FILE: WAV, PCM of 8 to 32 bits or floating point, 8 to 192 kHz, mono or stereo; - reads standard
        input. As long as an utterance may be (65 s unless the silo is told otherwise).

        Example:
          fleet-cli transcribe samples/two-sentences.wav

        Example: which of two deployments hears it right?
          for d in blue green; do fleet-cli transcribe hard.wav --deployment $d --json; done
        """;

    private readonly Argument<string[]> _files = new("FILE") { Description = "Recordings", Arity = ArgumentArity.OneOrMore };

    private readonly Option<string> _deployment = new("--deployment")
    {
        Description = "Deployment to ask. Without it: whichever live speech would use",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a line, with alternatives and words (docs/cli.md)" };

    public static Command Create(TimeProvider time)
    {
        TranscribeCommand sut = new();
        var command = new Command("transcribe", About) { sut._files, sut._deployment, sut._json };
        command.AsksFleet(time, sut.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, FleetClient client, Writers writers, CancellationToken cancellationToken)
    {
        var files = parsed.GetRequiredValue(_files);
        var exitCode = ExitCodes.Done;
        foreach (var file in files)
        {
            var recording = Recording.Read(file);
            var request = new TranscribeRequest
            {
                Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = Recording.SampleRateHz, Channels = 1 },
                Pcm = UnsafeByteOperations.UnsafeWrap(recording.Pcm),
                Deployment = parsed.GetValue(_deployment) ?? "",
            };
            var asked = client.CallAsync((api, headers, deadline, token) => api.TranscribeAsync(request, headers, deadline, token), cancellationToken);
            var answer = await writers.Slow.WhileAsync(asked, () => $"{file}: waiting for its transcript");
            if (parsed.GetValue(_json))
            {
                JsonLines.Write(writers.Output, TranscribeLine.From(file, recording, answer));
            }
            else
            {
                await writers.Output.WriteLineAsync((files.Length > 1 ? $"{PlainText.Of(file)}: " : "") + Words(answer));
            }

            if (answer.Status == UtteranceStatus.Failed)
            {
                exitCode = ExitCodes.NotDone;
                if (!parsed.GetValue(_json))
                {
                    await writers.Errors.WriteLineAsync(PlainText.Of($"{file}: the endpoint refused it: {answer.Reason}"));
                }
            }
        }

        return exitCode;
    }

    private static string Words(TranscribeResponse answer) => answer.Status switch
    {
        UtteranceStatus.Transcribed when answer.HasConfidence =>
            string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(answer.Text)}  ({answer.Confidence:P0})"),
        UtteranceStatus.Transcribed => PlainText.Of(answer.Text),
        UtteranceStatus.Empty => "(no words)",
        _ => "(failed)",
    };
}
