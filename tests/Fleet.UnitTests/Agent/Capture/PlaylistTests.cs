using Fleet.DeviceAgent.Capture;

namespace Fleet.UnitTests.Agent.Capture;

public sealed class PlaylistTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(3, 3)]
    [InlineData(2, 5)]
    [InlineData(1, 200)]
    public void Deal_AnyNumbers_EachRecordingIsPlayedAndEachDeviceHasOne(int recordings, int devices)
    {
        var sut = new Playlist([.. Enumerable.Range(0, recordings).Select(i => new Recording($"/{i}.wav", $"{i}.wav"))]);

        var hands = Enumerable.Range(0, devices).Select(device => sut.Deal(device, devices)).ToList();

        hands.ShouldAllBe(hand => hand.Count > 0);
        var played = hands.SelectMany(hand => hand).GroupBy(recording => recording.Name)
            .ToDictionary(group => group.Key, group => group.Count());
        played.Count.ShouldBe(recordings);
        if (recordings >= devices)
        {
            played.Values.ShouldAllBe(count => count == 1);
        }
    }

    [Fact]
    public void Deal_MoreRecordingsThanDevices_LikeCards()
    {
        var sut = new Playlist([.. "abcde".Select(c => new Recording($"/{c}", $"{c}"))]);

        sut.Deal(1, 2).Select(recording => recording.Name).ShouldBe(["b", "d"]);
    }

    [Fact]
    public void Read_Folder_WavsBelowItInOrdinalOrder()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("sub"));
        foreach (var name in new[] { "b.wav", "B.WAV", "a.txt", "sub/a.wav" })
        {
            File.WriteAllBytes(folder.File(name), []);
        }

        Playlist.Read(folder.Path).Recordings.Select(recording => recording.Name).ShouldBe(["B.WAV", "b.wav", "sub/a.wav"]);
    }

    [Fact]
    public void Read_NothingThere_Says()
    {
        Should.Throw<IOException>(() => Playlist.Read("/does/not/exist")).Message.ShouldContain("neither a file nor a folder");
    }
}
