using Fleet.Scoring.Configuration;

namespace Fleet.UnitTests.Scoring.Configuration;

public sealed class ScoringServerOptionsTests
{
    [Theory]
    [InlineData("", false, "pocketsphinx", null, "Callers need a key: set Fleet__ScoringServer__KeyFile")]
    [InlineData("key", true, "pocketsphinx", null, "set one of them")]
    [InlineData("key", false, "wave2vec", null, "set Fleet__ScoringServer__Engine to pocketsphinx or wav2vec2")]
    [InlineData("key", false, "wav2vec2", null, "set Fleet__ScoringServer__ModelFolder to a folder with model.onnx")]
    public void Validate_Wrong_SaysWhatToSet(string keyFile, bool trusted, string engine, string? modelFolder, string message)
    {
        var options = new ScoringServerOptions { KeyFile = keyFile, TrustPlatformKeys = trusted, Engine = engine, ModelFolder = modelFolder };

        new ScoringServerOptionsValidator().Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldContain(message);
    }

    [Fact]
    public void Validate_Right_IsTaken()
    {
        var sut = new ScoringServerOptionsValidator();

        sut.Validate(null, new ScoringServerOptions { KeyFile = "key" }).Succeeded.ShouldBeTrue();
        sut.Validate(null, new ScoringServerOptions { TrustPlatformKeys = true, Engine = "Wav2Vec2", ModelFolder = "/model" }).Succeeded.ShouldBeTrue();
    }
}
