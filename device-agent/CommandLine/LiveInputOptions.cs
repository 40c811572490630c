using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Mute;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>The options for live sound: <c>--input</c> and what belongs to it.</summary>
internal sealed class LiveInputOptions
{
    private readonly Option<string?> _input = new("--input")
    {
        Description = "Live sound instead of recordings: alsa:DEVICE = a microphone, through arecord (apt-get install alsa-utils; devices: " +
            "arecord -L); stdin = raw S16_LE or a WAV stream on standard input.",
        HelpName = "alsa:DEVICE|stdin",
    };

    private readonly Option<int> _rate = OptionParsing.Ranged(
        "--input-rate", "HZ", 16_000, Resampler.MinInputRateHz, Resampler.MaxInputRateHz,
        "Samples a second that the microphone is asked for, or that standard input has (a WAV stream says it itself).");

    private readonly Option<int> _channels = OptionParsing.Ranged(
        "--input-channels", "N", 1, 1, 2, "Channels that the microphone is asked for, or that standard input has; two are mixed.");

    private readonly Option<double> _timeout = OptionParsing.Ranged<double>(
        "--input-timeout", "SECONDS", 10, 1, 600, "A microphone that gives nothing for so long hangs, and is started again.");

    private readonly Option<double> _buffer = OptionParsing.Ranged<double>(
        "--input-buffer", "SECONDS", 5, 0.5, 60, "Sound of a microphone that may wait when the machine is too slow; beyond it, sound is dropped.");

    private readonly Option<string[]> _mute = new("--mute-between")
    {
        Description = "Listen to nothing at this time of each day, by the device's own clock; may be given several times. device-agent mute on does it at once.",
        HelpName = "HH:MM-HH:MM",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        command.Add(_input);
        command.Add(_rate);
        command.Add(_channels);
        command.Add(_timeout);
        command.Add(_buffer);
        command.Add(_mute);
        _mute.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static token => !MuteTime.TryParse(token.Value, out _)))
            {
                result.AddError($"--mute-between '{token.Value}' is no time of day: give it as 22:00-07:00.");
            }
        });
        _input.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && !InputAddress.TryParse(result.Tokens[0].Value, out _, out var problem))
            {
                result.AddError(problem);
            }
        });
    }

    /// <summary>Exactly one source of sound, and no option that means nothing to it.</summary>
    public void Check(CommandResult result, Option play, IReadOnlyList<Option> onlyForRecordings, Option mayHearNothing)
    {
        var isPlaying = IsGiven(result, play);
        var isLive = IsGiven(result, _input);
        if (!isPlaying && !isLive && IsGiven(result, mayHearNothing))
        {
            return;
        }

        if (isPlaying == isLive)
        {
            result.AddError(isLive
                ? "--play and --input exclude each other: give one of them."
                : "There is nothing to hear: give --play FILE|FOLDER for recordings, or --input alsa:DEVICE|stdin for live sound.");
        }
        else if (isLive && onlyForRecordings.FirstOrDefault(option => IsGiven(result, option)) is { } option)
        {
            result.AddError($"{option.Name} is for recordings (--play): live sound comes once, from one device, as fast as it comes. Leave it out.");
        }
        else if (isPlaying && new Option[] { _rate, _channels, _timeout, _buffer, _mute }.FirstOrDefault(option => IsGiven(result, option)) is { } live)
        {
            result.AddError($"{live.Name} is for live sound (--input): a recording says it itself. Leave it out.");
        }
    }

    public CaptureOptions? Read(ParseResult parsed) =>
        parsed.GetValue(_input) is { } text && InputAddress.TryParse(text, out var address, out _)
            ? new CaptureOptions
            {
                Input = address,
                SampleRateHz = parsed.GetValue(_rate),
                Channels = parsed.GetValue(_channels),
                HangTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
                Buffer = TimeSpan.FromSeconds(parsed.GetValue(_buffer)),
                MuteTimes = [.. (parsed.GetValue(_mute) ?? []).Select(static text => MuteTime.TryParse(text, out var span) ? span : default)],
            }
            : null;

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
