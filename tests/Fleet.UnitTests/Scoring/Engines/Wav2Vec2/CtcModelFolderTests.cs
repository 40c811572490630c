using Fleet.Audio;
using Fleet.Scoring.Engines.Wav2Vec2;
using Fleet.Testing.Speech;

namespace Fleet.UnitTests.Scoring.Engines.Wav2Vec2;

/// <summary>A model that cannot be used is refused when the server starts, in words that say what is wrong with it.</summary>
public sealed class CtcModelFolderTests
{
    [Fact]
    public void Load_FolderAboveTheModel_FindsItAsAzureMountsIt()
    {
        using var folder = ModelFolder.With();
        using var engine = Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = Path.GetDirectoryName(folder.Path) ?? "" });

        engine.ModelName.ShouldBe("tones");
        engine.Name.ShouldBe("wav2vec2");
    }

    [Fact]
    public void Load_NoModel_SaysWhichSetting() =>
        Should.Throw<RecogniserUnavailableException>(() => Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = "/nowhere" })).Message
            .ShouldBe("There is no model.onnx in '/nowhere' or below: set Fleet__ScoringServer__ModelFolder. docs/models.md says how the folder is made.");

    [Theory]
    [InlineData("vocab.json", null, "vocab.json' is missing")]
    [InlineData("vocab.json", "{\"A\":0,\"B\":1}", "among its tokens the blank <pad>")]
    [InlineData("vocab.json", "{\"<pad>\":0,\"B\":2}", "the numbers from 0 on, each once")]
    [InlineData("vocab.json", "{\"<pad>\":0,\"|\":1,\"A\":2}", "32 outputs for a frame, vocab.json 3 tokens")]
    [InlineData("vocab.json", "[]", "it is no JSON object")]
    [InlineData("vocab.json", "{", "vocab.json' is not usable")]
    [InlineData("config.json", "{\"conv_kernel\":[10,3],\"conv_stride\":[5]}", "conv_kernel and conv_stride must be lists")]
    [InlineData("config.json", "{\"conv_kernel\":[400],\"conv_stride\":[320]}", "but by config.json and vocab.json they are")]
    [InlineData("preprocessor_config.json", "{\"sampling_rate\":8000}", "sampling_rate is 8000")]
    [InlineData("model.onnx", "no model", "cannot be loaded")]
    public void Load_WrongFile_SaysWhatIsWrong(string name, string? content, string message)
    {
        using var folder = ModelFolder.With();
        File.Delete(folder.File(name));
        if (content is not null)
        {
            File.WriteAllText(folder.File(name), content);
        }

        Should.Throw<RecogniserUnavailableException>(() =>
        {
            using var engine = Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = folder.Path });
            using var recogniser = engine.CreateRecogniser();
        }).Message.ShouldContain(message);
    }

    [Fact]
    public void Load_ModelOfAnotherKind_SaysWhatItHas()
    {
        using var folder = ModelFolder.With();
        File.WriteAllBytes(folder.File("model.onnx"), ToneModel.Lengths([10], [5]));

        using var engine = Wav2Vec2Engine.Load(new Wav2Vec2Settings { ModelFolder = folder.Path });
        Should.Throw<RecogniserUnavailableException>(engine.CreateRecogniser).Message.ShouldContain("is not of wav2vec2's kind");
    }
}
