using Fleet.Audio;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Logging;
using Fleet.Testing.Time;
using Fleet.UnitTests.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Fleet.UnitTests.Agent.Health;

public sealed class LevelWatchTests
{
    private const int Piece = 1_600;

    private readonly DeviceHealth _health = new();
    private readonly ListLogger _log = new();
    private readonly FakeTimeProvider _time = new();
    private long _position;

    [Fact]
    public void OnEnd_ClippedBeforeItWasNoticed_IsTold()
    {
        var sut = CreateSut();

        // The shout lies in the pre-roll; after it everything is soft.
        Hear(sut, amplitude: 3, pieces: 4);
        sut.OnStart(0);
        Hear(sut, amplitude: 0.1, pieces: 20);
        sut.OnEnd();

        _health.Current.ShouldBe([DeviceHealth.SoundClipped]);
        Warnings().ShouldHaveSingleItem().ShouldContain("alsamixer");
    }

    [Fact]
    public void OnEnd_WhatWasLoudBeforeTheUtterance_DoesNotCount()
    {
        var sut = CreateSut();

        Hear(sut, amplitude: 3, pieces: 4);
        sut.OnStart(4 * Piece);
        Hear(sut, amplitude: 0.1, pieces: 20);
        sut.OnEnd();

        _health.Current.ShouldBeEmpty();
    }

    [Fact]
    public void OnEnd_ManyClippedUtterances_AreToldOnceUntilAllIsWellAgain()
    {
        var sut = CreateSut();

        Say(sut, amplitude: 3, times: 5);
        Say(sut, amplitude: 0.1, times: 2);
        _health.Current.ShouldBe([DeviceHealth.SoundClipped]); // one or two good ones are chance
        Say(sut, amplitude: 0.1, times: 1);

        _health.Current.ShouldBeEmpty();
        Warnings().Count.ShouldBe(1);
        _log.Lines.ShouldContain(line => line.Level == LogLevel.Information && line.Text.Contains("well again"));
        _time.Advance(TimeSpan.FromMinutes(2));
        Say(sut, amplitude: 3, times: 1);
        Warnings().Count.ShouldBe(2);
    }

    [Fact]
    public void OnEnd_Offset_IsTold()
    {
        var sut = CreateSut();

        Say(sut, amplitude: 0.1, times: 3, offset: 0.1);

        _health.Current.ShouldBe([DeviceHealth.SoundOffset]);
        Warnings().ShouldHaveSingleItem().ShouldContain("10.0 % of full scale off zero");
    }

    [Fact]
    public void HearLive_NothingForHalfAMinute_IsADeadMicrophoneUntilItGivesSound()
    {
        var sut = CreateSut();

        HearLive(sut, amplitude: 0, pieces: 299);
        _health.Current.ShouldBeEmpty();
        HearLive(sut, amplitude: 0, pieces: 1);
        _health.Current.ShouldBe([DeviceHealth.MicrophoneSilent]);
        HearLive(sut, amplitude: 0, pieces: 1_000);
        Warnings().ShouldHaveSingleItem().ShouldContain("muted");
        HearLive(sut, amplitude: 0.001, pieces: 1);

        _health.Current.ShouldBeEmpty();
    }

    [Fact]
    public void HearLive_OneValueForHalfAMinute_IsAStuckConverterUntilItGivesSound()
    {
        var sut = CreateSut();

        HearLive(sut, amplitude: 0, pieces: 300, offset: 0.01);
        _health.Current.ShouldBe([DeviceHealth.MicrophoneFlat]);
        Warnings().ShouldHaveSingleItem().ShouldContain("stuck");
        HearLive(sut, amplitude: 0.001, pieces: 1);

        _health.Current.ShouldBeEmpty();
    }

    [Fact]
    public void OnEnd_AllIsTooSoft_IsTold_AndOneIsNot()
    {
        var sut = CreateSut();

        Say(sut, amplitude: 0.005, times: 2);
        Say(sut, amplitude: 0.1, times: 1);
        Say(sut, amplitude: 0.005, times: 2);
        _health.Current.ShouldBeEmpty();
        Say(sut, amplitude: 0.005, times: 1);
        _health.Current.ShouldBe([DeviceHealth.SoundQuiet]);
        Warnings().ShouldHaveSingleItem().ShouldContain("-46 dBFS");
        Say(sut, amplitude: 0.1, times: 3);

        _health.Current.ShouldBeEmpty();
    }

    [Fact]
    public void HearLive_QuietRoom_IsNoDeadMicrophone()
    {
        HearLive(CreateSut(), amplitude: 0.0002, pieces: 1_000);

        _health.Current.ShouldBeEmpty();
        Warnings().ShouldBeEmpty();
    }

    private LevelWatch CreateSut()
    {
        var sut = new LevelWatch(_health, new LogGate(_time, TimeSpan.FromMinutes(1)), _log);
        sut.BeginSource("alsa:test");
        return sut;
    }

    private List<string> Warnings() => [.. _log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];

    private void Say(LevelWatch sut, double amplitude, int times, double offset = 0)
    {
        for (var i = 0; i < times; i++)
        {
            var first = _position;
            Hear(sut, amplitude, pieces: 3, offset);
            sut.OnStart(first);
            Hear(sut, amplitude, pieces: 10, offset);
            sut.OnEnd();
        }
    }

    private void Hear(LevelWatch sut, double amplitude, int pieces, double offset = 0)
    {
        for (var i = 0; i < pieces; i++)
        {
            _position += Piece;
            sut.Hear(_position, Levels(amplitude, offset));
        }
    }

    private void HearLive(LevelWatch sut, double amplitude, int pieces, double offset = 0)
    {
        for (var i = 0; i < pieces; i++)
        {
            _position += Piece;
            sut.HearLive(_position, Piece, Levels(amplitude, offset));
        }
    }

    private static InputLevels Levels(double amplitude, double offset) => InputLevels.Of(
    [
        .. Enumerable.Range(0, Piece)
            .Select(i => (short)Math.Clamp(32_767 * ((amplitude * Math.Sin(2 * Math.PI * 440 * i / 16_000)) + offset), -32_768, 32_767)),
    ]);
}
