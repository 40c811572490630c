using Fleet.Audio;
using Fleet.DeviceAgent.CommandLine;
using Fleet.DeviceAgent.Configuration;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.CommandLine;

public sealed class AgentCommandTests
{
    private const string Required = "--server http://127.0.0.1:5100 --play samples ";

    [Fact]
    public async Task Parse_NoOptions_Defaults()
    {
        var arguments = await ParseAsync(Required);

        arguments.Player.Speed.ShouldBe(1);
        arguments.Trigger.ShouldBe(Trigger.Vad);
        arguments.Endpointer.PreRoll.ShouldBe(TimeSpan.FromMilliseconds(500));
        arguments.Endpointer.StartAfterSpeech.ShouldBe(TimeSpan.FromMilliseconds(100));
        arguments.Endpointer.EndAfterSilence.ShouldBe(TimeSpan.FromMilliseconds(800));
        arguments.Endpointer.MaxUtterance.ShouldBe(TimeSpan.FromSeconds(30));
        arguments.Endpointer.SpeechThreshold.ShouldBe(new EndpointerOptions().SpeechThreshold);
        arguments.Endpointer.SilenceThreshold.ShouldBe(new EndpointerOptions().SilenceThreshold, 1e-9);
        arguments.Spool.MaxBytes.ShouldBe(1L << 30);
        arguments.Spool.MaxAge.ShouldBe(TimeSpan.FromDays(7));
        arguments.Spool.KeepStored.ShouldBe(TimeSpan.Zero);
        arguments.Spool.Encrypt.ShouldBeTrue();
        arguments.Spool.KeyFile.ShouldBeNull();
        arguments.StopTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        arguments.Linger.ShouldBeNull();
    }

    [Theory]
    [InlineData("max", 0)]
    [InlineData("0", 0)]
    [InlineData("2.5", 2.5)]
    public async Task Parse_Speed_TimesRealTime(string text, double expected) =>
        (await ParseAsync($"{Required} --speed {text}")).Player.Speed.ShouldBe(expected);

    [Fact]
    public async Task Parse_Pause_IsInSeconds() => (await ParseAsync($"{Required} --loop --pause 2.5")).Player.Pause.ShouldBe(TimeSpan.FromSeconds(2.5));

    [Fact]
    public async Task Parse_Microphone_IsCapturedAt16Kilohertz()
    {
        var arguments = await ParseAsync("--server http://127.0.0.1:5100 --input alsa:plughw:1,0");

        arguments.Play.ShouldBeNull();
        var capture = arguments.Capture.ShouldNotBeNull();
        capture.Input.AlsaDevice.ShouldBe("plughw:1,0");
        capture.SampleRateHz.ShouldBe(16_000);
        capture.Channels.ShouldBe(1);
        capture.HangTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        capture.Buffer.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Parse_StandardInput_HasItsFormat()
    {
        var arguments = await ParseAsync("--server http://127.0.0.1:5100 --input stdin --input-rate 44100 --input-channels 2");

        var capture = arguments.Capture.ShouldNotBeNull();
        capture.Input.AlsaDevice.ShouldBeNull();
        capture.SampleRateHz.ShouldBe(44_100);
        capture.Channels.ShouldBe(2);
    }

    [Fact]
    public async Task Parse_Spool_IsAsGiven()
    {
        var spool = (await ParseAsync($"{Required} --spool-mib 5 --spool-days 0.5 --keep-stored-hours 48 --spool-encryption off --spool-key-file /k")).Spool;

        spool.MaxBytes.ShouldBe(5L << 20);
        spool.MaxAge.ShouldBe(TimeSpan.FromHours(12));
        spool.KeepStored.ShouldBe(TimeSpan.FromDays(2));
        spool.Encrypt.ShouldBeFalse();
        spool.KeyFile.ShouldBe("/k");
    }

    [Theory]
    [InlineData("", "There is nothing to hear: give --play")]
    [InlineData("--play samples --input stdin", "--play and --input exclude each other")]
    [InlineData("--input mic", "--input 'mic' is not an input")]
    [InlineData("--input alsa:a;b", "does not name an ALSA device")]
    [InlineData("--input stdin --simulate 3", "--simulate is for recordings")]
    [InlineData("--input alsa:default --loop", "--loop is for recordings")]
    [InlineData("--input alsa:default --speed 2", "--speed is for recordings")]
    [InlineData("--play samples --input-rate 48000", "--input-rate is for live sound")]
    [InlineData("--input stdin --input-rate 4000", "--input-rate 4000 is out of range: 8000 to 192000")]
    [InlineData("--input stdin --input-channels 3", "--input-channels 3 is out of range: 1 to 2")]
    public void Parse_SourceThatIsNotOne_SaysWhatIsRight(string sources, string message)
    {
        var parsed = new AgentCommand().Create((_, _) => Task.FromResult(0)).Parse($"--server http://127.0.0.1:5100 {sources}");

        string.Join('\n', parsed.Errors.Select(error => error.Message)).ShouldContain(message);
    }

    [Theory]
    [InlineData("--pause -1", "--pause -1 is out of range")]
    [InlineData("--speed fast", "--speed 'fast' is not a speed")]
    [InlineData("--speed -1", "--speed '-1' is not a speed")]
    [InlineData("--simulate 10001", "--simulate 10001 is out of range: 0 to 10000")]
    [InlineData("--max-seconds 0", "--max-seconds 0 is out of range")]
    [InlineData("--linger -1", "--linger -1 is out of range")]
    [InlineData("--device-id Pi", "--device-id 'Pi' is not valid")]
    [InlineData("--trigger voice", "'vad'")]
    [InlineData("--key abc", "--key")]
    [InlineData("--spool-days 0", "--spool-days 0 is out of range: 0.01 to 365")]
    [InlineData("--keep-stored-hours 721", "--keep-stored-hours 721 is out of range: 0 to 720")]
    [InlineData("--spool-encryption yes", "'on'")]
    public void Parse_WrongValue_SaysWhichAndWhatIsAllowed(string option, string message)
    {
        var parsed = new AgentCommand().Create((_, _) => Task.FromResult(0)).Parse(Required + option);

        string.Join('\n', parsed.Errors.Select(error => error.Message)).ShouldContain(message);
    }

    private static async Task<AgentArguments> ParseAsync(string line)
    {
        AgentArguments? read = null;
        var command = new AgentCommand().Create((arguments, _) =>
        {
            read = arguments;
            return Task.FromResult(0);
        });

        (await command.Parse(line).InvokeAsync(cancellationToken: CancellationToken.None)).ShouldBe(0);

        return read.ShouldNotBeNull();
    }
}
